/** What there is to do for a TraceJob, from what is seen alone: the operator may have died at any point of it. Pure. */
import type { TraceJobSpec } from '../crds/trace-job.ts'
import { acceptanceOf } from './acceptance.ts'
import type { Action } from './action.ts'
import { daemonSetFor } from './daemonset.ts'
import { differences } from './drift.ts'
import { hasEnded, isBeingDeleted } from './ended.ts'
import { isOver } from './ending.ts'
import { isWaiting } from './line.ts'
import { callOff, keepReports } from './report-plan.ts'
import { retentionOf } from './retention.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import type { Settings } from './settings.ts'
import { type Standing, standingOf } from './standing.ts'
import { timeText } from './time.ts'

export function plan(job: LiveTraceJob, seen: Seen, settings: Settings, now: Date): Action[] {
  if (isBeingDeleted(job)) return withoutDaemonSet(seen, 'the TraceJob is being deleted')
  if (hasEnded(job)) return afterTheEnd(job, seen, now)
  const { spec } = acceptanceOf(job)
  if (!spec || isWaiting(job, seen)) return []
  const standing = standingOf(job, spec, seen, now)
  // First its end is written down. What follows from that is done when it is seen to be written.
  if (isOver(standing, now)) return []
  return [
    ...keepDaemonSet(job, spec, seen, standing, settings),
    ...keepReports(job, spec, seen, standing, now),
  ]
}

function keepDaemonSet(
  job: LiveTraceJob,
  spec: TraceJobSpec,
  { daemonSet: live }: Seen,
  { deadlines }: Standing,
  settings: Settings,
): Action[] {
  const wanted = daemonSetFor(job, spec, settings)
  if (!live) {
    const because = deadlines ? 'its DaemonSet is gone in the middle of the trace' : 'it has its turn'
    return [{ do: 'createDaemonSet', daemonSet: wanted, because }]
  }
  // One on its way out can't be kept; when it is gone, there will be another.
  if (live.metadata.deletionTimestamp) return []
  const changed = differences(live, wanted)
  if (changed.length === 0) return []
  const metadata = { ...wanted.metadata, ...(live.metadata.uid && { uid: live.metadata.uid }) }
  const because = `somebody or another release changed ${changed.join(', ')}`
  return [{ do: 'healDaemonSet', daemonSet: { ...wanted, metadata }, because }]
}

function afterTheEnd(job: LiveTraceJob, seen: Seen, now: Date): Action[] {
  const { agentsUntil, jobUntil } = retentionOf(job)
  const actions = callOff(job, seen.reports)
  if (now >= agentsUntil) {
    actions.push(...withoutDaemonSet(seen, `its logs were to stay until ${timeText(agentsUntil)}`))
  }
  if (jobUntil && now >= jobUntil) {
    const because = `it was to stay until ${timeText(jobUntil)}`
    actions.push({ do: 'deleteJob', uid: job.metadata.uid, because })
  }
  return actions
}

function withoutDaemonSet({ daemonSet }: Seen, because: string): Action[] {
  const { name, uid, deletionTimestamp } = daemonSet?.metadata ?? {}
  return name && uid && !deletionTimestamp ? [{ do: 'deleteDaemonSet', name, uid, because }] : []
}
