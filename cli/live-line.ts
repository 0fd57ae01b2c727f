import type { Progress } from '../agent/trace.ts'
import { sayDuration } from '../crds/duration.ts'
import { count } from '../crds/numbers.ts'
import type { Paint } from './paint.ts'

/** The line that is redrawn while a trace runs. It must fit `columns`: a wrapped line can't be taken back. */
export function liveLine(now: Progress, before: Progress | undefined, columns: number, paint: Paint): string {
  const { received, lost } = now.ledger
  const parts = [
    `${count(perSecond(now, before))} events/s`,
    `${count(received)} received`,
    `${count(lost)} lost`,
    now.remainingSeconds === null
      ? `${wholeSeconds(now.elapsedSeconds)} so far`
      : `${wholeSeconds(now.remainingSeconds)} left`,
    'Ctrl-C stops',
  ]
  const lostAt = 2
  while (parts.length > 0 && parts.join('  ').length >= columns) parts.pop()
  if (lost > 0 && parts[lostAt]) parts[lostAt] = paint.red(parts[lostAt])
  return parts.join('  ')
}

/** Received events per second between two readings; 0 when there is no time between them. */
function perSecond(now: Progress, before: Progress | undefined): number {
  const seconds = now.elapsedSeconds - (before?.elapsedSeconds ?? 0)
  const received = now.ledger.received - (before?.ledger.received ?? 0)
  return seconds > 0 ? Math.max(0, received / seconds) : 0
}

function wholeSeconds(seconds: number): string {
  return sayDuration(Math.max(0, Math.round(seconds)))
}
