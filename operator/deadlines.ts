/** By when what must have happened to a TraceJob that has had its turn. All by the API server's clock: nodes have their own. Pure. */
import type { TraceJobSpec } from '../crds/trace-job.ts'
import type { DaemonSet, LiveTraceJob, LiveTraceReport } from './seen.ts'
import { earliest, secondsAfter, timeOf } from './time.ts'

export interface Deadlines {
  /** When it had its turn. */
  turn: Date
  /** By then the DaemonSet controller has created the agents. Absent: there is no DaemonSet just now. */
  agentsBy?: Date | undefined
  /** Who still traces then is told to stop. Absent: it traces until it is deleted. */
  stopAt?: Date
  /** Who has not said by then that it has finished never will. */
  overdueAt?: Date
}

/** For a node that was told to stop to detach, to drain its buffers, and to report where the API server is slow. */
const END_GRACE_SECONDS = 60

/**
 * Undefined: it has not had its turn yet. The oldest witness counts, so that a DaemonSet created anew, or a report, starts no clock again.
 * @param reports of this TraceJob
 */
export function deadlinesOf(
  job: LiveTraceJob,
  { startDeadlineSeconds, durationSeconds }: TraceJobSpec,
  daemonSet: DaemonSet | undefined,
  reports: readonly LiveTraceReport[],
): Deadlines | undefined {
  const witnesses = [daemonSet, ...reports].map(object => timeOf(object?.metadata.creationTimestamp))
  const turn = earliest([...witnesses, timeOf(job.status?.startTime)])
  if (!turn) return undefined
  const created = timeOf(daemonSet?.metadata.creationTimestamp)
  const agentsBy = created && secondsAfter(created, startDeadlineSeconds)
  if (durationSeconds === undefined) return { turn, agentsBy }
  const stopAt = secondsAfter(turn, startDeadlineSeconds + durationSeconds)
  return { turn, agentsBy, stopAt, overdueAt: secondsAfter(stopAt, END_GRACE_SECONDS) }
}

/** A node has its own time to start, from when it was asked to. */
export function nodeStartBy(
  report: LiveTraceReport,
  { startDeadlineSeconds }: TraceJobSpec,
): Date | undefined {
  const asked = timeOf(report.metadata.creationTimestamp)
  return asked && secondsAfter(asked, startDeadlineSeconds)
}
