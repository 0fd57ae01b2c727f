/** Which TraceJobs may trace, and which wait for their turn. Pure. */
import { hasEnded, isBeingDeleted } from './ended.ts'
import type { LiveTraceJob, Seen } from './seen.ts'

/**
 * 0: it may run; n: it is the n-th of those that wait. Who runs goes on, whatever comes; of the others the oldest is first.
 * @param jobs all there are, `job` among them or not
 * @param isRunning whether there is a DaemonSet for it
 */
export function placeInLine(
  job: LiveTraceJob,
  jobs: Iterable<LiveTraceJob>,
  isRunning: (job: LiveTraceJob) => boolean,
  maxRunningJobs: number,
): number {
  const hasItsTurn = (each: LiveTraceJob) => isRunning(each) || hasBegun(each)
  if (hasItsTurn(job)) return 0
  let before = 0
  for (const other of jobs) {
    if (other.metadata.uid === job.metadata.uid || hasEnded(other) || isBeingDeleted(other)) continue
    if (hasItsTurn(other) || isOlder(other, job)) before++
  }
  return Math.max(0, before + 1 - maxRunningJobs)
}

/** Whether any of its nodes has traced: then it keeps its turn, also when somebody deletes its DaemonSet. */
function hasBegun({ status }: LiveTraceJob): boolean {
  return status?.startTime !== undefined
}

/** Whether it has not had its turn yet. */
export function isWaiting(
  job: LiveTraceJob,
  { place, daemonSet }: Pick<Seen, 'place' | 'daemonSet'>,
): boolean {
  return place > 0 && !daemonSet && !hasBegun(job)
}

/** Of the same second, the uid decides: any order will do that is always the same. */
function isOlder({ metadata: a }: LiveTraceJob, { metadata: b }: LiveTraceJob): boolean {
  const [left, right] = [a.creationTimestamp ?? '', b.creationTimestamp ?? '']
  return left === right ? a.uid < b.uid : left < right
}
