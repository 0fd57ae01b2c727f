/** A machine alone as a cluster of one node, for the operator's words to be ours too. Pure. */
import { DEFAULTS } from '../crds/defaults.ts'
import type { TraceJob, TraceJobStatus } from '../crds/trace-job.ts'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import { lossless, type Verdict } from '../operator/lossless.ts'
import { finalState, type NodeState } from '../operator/node-states.ts'
import type { Standing } from '../operator/standing.ts'
import { statusAtEnd, statusUnderWay } from '../operator/stations.ts'
import { sumOf } from '../operator/sum.ts'
import { timeOf } from '../operator/time.ts'

/** The status of a TraceJob that has finished here: as it would have been written when it began, and then when it ended. */
export function finishedStatus(
  job: TraceJob,
  report: TraceReportStatus,
  node: string,
  now: Date,
): TraceJobStatus {
  const started = timeOf(report.startTime)
  const before = started && statusUnderWay(job, standing(job, beginning(report), node), undefined, started)
  return statusAtEnd({ ...job, ...(before && { status: before }) }, standing(job, report, node), now)
}

/** Whether it is certain that every open here was seen. */
export function losslessHere(report: TraceReportStatus): Verdict {
  const untracedNodes = report.state === 'Failed' ? 1 : 0
  return lossless(sumOf([{ node: '', status: report }]), { untracedNodes, isOver: true })
}

function beginning({ startTime }: TraceReportStatus): TraceReportStatus {
  return { state: 'Tracing', ...(startTime && { startTime }) }
}

function standing({ spec }: TraceJob, status: TraceReportStatus, nodeName: string): Standing {
  const { state } = status
  const node: NodeState = state === 'Tracing' ? { node: nodeName, state } : finalState(nodeName, status)
  return {
    nodes: [node],
    unnamed: 0,
    isCounted: true,
    isBounded: spec.durationSeconds !== undefined,
    hasBegun: status.startTime !== undefined,
    reports: [{ spec: { nodeName, reportIntervalSeconds: DEFAULTS.reportIntervalSeconds }, status }],
  }
}
