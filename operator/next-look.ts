/** When time alone will change what there is to do or to say about a TraceJob. Pure. */
import { acceptanceOf } from './acceptance.ts'
import { deadlinesOf, nodeStartBy } from './deadlines.ts'
import { hasEnded, isBeingDeleted } from './ended.ts'
import { isFinal } from './node-states.ts'
import { isOwn } from './own-reports.ts'
import { retentionOf } from './retention.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import { earliest } from './time.ts'

/** Undefined: never; something else must happen first. */
export function nextLook(job: LiveTraceJob, seen: Seen, now: Date): Date | undefined {
  return earliest(turningPoints(job, seen).filter(time => time !== undefined && time > now))
}

function turningPoints(job: LiveTraceJob, { daemonSet, reports }: Seen): (Date | undefined)[] {
  if (isBeingDeleted(job)) return []
  if (hasEnded(job)) {
    const { agentsUntil, jobUntil } = retentionOf(job)
    return [daemonSet && agentsUntil, jobUntil]
  }
  const { spec } = acceptanceOf(job)
  if (!spec) return []
  const own = reports.filter(report => isOwn(report, job))
  const { agentsBy, stopAt, overdueAt } = deadlinesOf(job, spec, daemonSet, own) ?? {}
  const silent = own.filter(({ status }) => !isFinal(status) && status.startTime === undefined)
  return [agentsBy, stopAt, overdueAt, ...silent.map(report => nodeStartBy(report, spec))]
}
