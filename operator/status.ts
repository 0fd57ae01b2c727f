/** The status of a TraceJob, from what is seen of it and the status it had. Pure. */
import type { TraceJobStatus } from '../crds/trace-job.ts'
import { acceptanceOf } from './acceptance.ts'
import type { ActionFailure } from './action.ts'
import { hasEnded, isBeingDeleted } from './ended.ts'
import { isOver } from './ending.ts'
import { isWaiting } from './line.ts'
import { refusalText } from './refusals.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import type { Settings } from './settings.ts'
import { standingOf } from './standing.ts'
import { statusAtEnd, statusOfRefused, statusUnderWay, statusWaiting } from './stations.ts'

/**
 * An end is for good: the status of a TraceJob that has ended is returned as it is.
 * @param failures what of the plan could not be done
 */
export function statusOf(
  job: LiveTraceJob,
  seen: Seen,
  failures: readonly ActionFailure[],
  settings: Settings,
  now: Date,
): TraceJobStatus {
  if (hasEnded(job) || isBeingDeleted(job)) return job.status ?? {}
  const { spec, refusal } = acceptanceOf(job)
  if (refusal) return statusOfRefused(job, refusal, now)
  if (isWaiting(job, seen)) return statusWaiting(job, seen.place, settings.maxRunningJobs, now)
  const standing = standingOf(job, spec, seen, now)
  if (isOver(standing, now)) return statusAtEnd(job, standing, now)
  return statusUnderWay(job, standing, refusalText(failures), now)
}
