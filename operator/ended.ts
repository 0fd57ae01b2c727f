/** What a TraceJob's own status says of its end. It is read word by word: whatever else is in there, an end is an end. Pure. */
import type { LiveTraceJob } from './seen.ts'
import { timeOf } from './time.ts'

/** For good: an ended TraceJob is never traced again, and its status never changes. */
export function hasEnded({ status }: LiveTraceJob): boolean {
  return endingCondition(status) !== undefined
}

/** When it ended by the API server's clock, which all that follows is counted from. */
export function completionTime({ status }: LiveTraceJob): Date {
  return timeOf(status?.completionTime) ?? timeOf(endingCondition(status)?.lastTransitionTime) ?? new Date(0)
}

/** Somebody wants it gone, and something else still holds it. */
export function isBeingDeleted({ metadata }: LiveTraceJob): boolean {
  return metadata.deletionTimestamp !== undefined
}

function endingCondition(status: LiveTraceJob['status']) {
  const conditions: unknown = status?.conditions
  if (!Array.isArray(conditions)) return undefined
  return conditions.find(
    each => (each?.type === 'Complete' || each?.type === 'Failed') && each.status === 'True',
  )
}
