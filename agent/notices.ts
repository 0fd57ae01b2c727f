/** The lines of a log that are no events: attached, self-test, losses as they happen, the end. Pure. */
import type { Ledger } from '../crds/ledger.ts'
import { TABLE_HEADER } from './event-table.ts'

export type Notice =
  | { kind: 'tracing'; attachMode: string; probes: readonly string[]; durationSeconds?: number }
  | { kind: 'selfTest'; at: 'start' | 'end'; opened: number; seen: number }
  | { kind: 'loss'; lost: number; ledger: Ledger }
  | { kind: 'end'; why: string; ledger: Ledger; lossless: boolean }

/** @param time RFC 3339. Table lines that are no events begin with `#`; the first one is the header. */
export function noticeLine(
  format: 'JSON' | 'Table',
  notice: Notice,
  time: string,
  node: string,
  header = TABLE_HEADER,
): string {
  if (format === 'JSON') {
    const { kind, ...rest } = notice
    return JSON.stringify({ kind, time, node, ...rest })
  }
  switch (notice.kind) {
    case 'tracing':
      return header
    case 'selfTest':
      return `# self-test at the ${notice.at}: ${notice.seen} of ${notice.opened} opens seen`
    case 'loss':
      return `# ${notice.lost} opens lost since the last such line; ${notice.ledger.lost} in all (${causes(notice.ledger)})`
    case 'end':
      return `# end: ${notice.ledger.observed} opens observed, ${notice.ledger.filtered} filtered, ${notice.ledger.received} received, ${notice.ledger.lost} lost${notice.ledger.lost ? ` (${causes(notice.ledger)})` : ''}`
  }
}

const CAUSES: Record<keyof Ledger['lostBy'], string> = {
  ringFull: 'buffer full',
  skippedRuns: 'runs skipped by the kernel',
  missedReturns: 'returns missed',
  unmatched: 'unmatched',
  unattributed: 'container unknown',
}

function causes({ lostBy }: Ledger): string {
  return (Object.keys(CAUSES) as (keyof typeof CAUSES)[])
    .filter(cause => lostBy[cause] > 0)
    .map(cause => `${CAUSES[cause]}: ${lostBy[cause]}`)
    .join(', ')
}
