/** How long what has ended stays. Pure. */
import { DEFAULTS } from '../crds/defaults.ts'
import { completionTime } from './ended.ts'
import type { LiveTraceJob } from './seen.ts'
import { secondsAfter } from './time.ts'

export interface Retention {
  /** Until then the agents stay, idle, for their logs. */
  agentsUntil: Date
  /** Then the TraceJob deletes itself. */
  jobUntil?: Date
}

/** Of a TraceJob that has ended. Its spec is read as it comes: it may be the very reason why it ended. */
export function retentionOf(job: LiveTraceJob): Retention {
  const ended = completionTime(job)
  const { logRetentionSeconds, ttlSecondsAfterFinished } = job.spec ?? {}
  const agentsUntil = secondsAfter(ended, seconds(logRetentionSeconds) ?? DEFAULTS.logRetentionSeconds)
  const ttl = seconds(ttlSecondsAfterFinished)
  return { agentsUntil, ...(ttl !== undefined && { jobUntil: secondsAfter(ended, ttl) }) }
}

function seconds(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= LONGEST ? value : undefined
}

/** What a date can bear. */
const LONGEST = 1e9
