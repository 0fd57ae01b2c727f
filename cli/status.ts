import type { Condition } from '../crds/conditions.ts'
import type { TraceJob, TraceJobStatus } from '../crds/trace-job.ts'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import { sayDuration } from './duration.ts'
import { lossless } from './lossless.ts'

/**
 * The status of a TraceJob that has finished on its only node, as the operator would write it for a cluster of one.
 * `now` dates what the report has no time for.
 */
export function finishedStatus(
  job: TraceJob,
  report: TraceReportStatus,
  node: string,
  now: Date,
): TraceJobStatus {
  const failed = report.state === 'Failed'
  const started = wholeSeconds(report.startTime)
  const ended = wholeSeconds(report.endTime) ?? wholeSeconds(now.toISOString())!
  const { failure, ledger, top } = report
  const status: TraceJobStatus = {
    conditions: conditions(report, node, started ?? ended, ended, job.metadata.generation),
  }
  if (job.metadata.generation !== undefined) status.observedGeneration = job.metadata.generation
  status.state = failed ? 'Failed' : 'Completed'
  if (started) status.startTime = started
  status.completionTime = ended
  status.nodes = { desired: 1, tracing: 0, completed: failed ? 0 : 1, failed: failed ? 1 : 0 }
  if (ledger) status.events = ledger
  if (top)
    status.top = { ...top, ...(top.processes && { processes: top.processes.map(p => ({ ...p, node })) }) }
  if (failure) status.failures = [{ node, reason: failure.reason, message: failure.message }]
  return status
}

function conditions(
  report: TraceReportStatus,
  node: string,
  started: string,
  ended: string,
  generation: number | undefined,
): Condition[] {
  const { failure } = report
  const failed = report.state === 'Failed'
  const attached = report.startTime !== undefined
  const why = failure ? { reason: failure.reason, message: `${node}: ${failure.message}` } : undefined
  const ranFor = attached ? ` after ${sayDuration(secondsBetween(report))}` : ''
  const lost = lossless(report)
  const at = (lastTransitionTime: string, condition: Omit<Condition, 'lastTransitionTime'>): Condition => ({
    ...condition,
    lastTransitionTime,
    ...(generation !== undefined && { observedGeneration: generation }),
  })
  return [
    at(started, {
      type: 'Accepted',
      status: 'True',
      reason: 'Valid',
      message: 'The manifest is valid and asks for nothing that needs a cluster.',
    }),
    at(ended, {
      type: 'Tracing',
      status: 'False',
      reason: attached ? 'Finished' : 'NeverAttached',
      message: attached ? `The probes on ${node} are gone${ranFor}.` : `No probe was attached on ${node}.`,
    }),
    at(ended, {
      type: 'Complete',
      status: failed ? 'False' : 'True',
      reason: failed ? (why?.reason ?? 'NodeFailed') : 'AllNodesFinished',
      message: failed ? (why?.message ?? `${node} failed.`) : `The trace on ${node} ended in order${ranFor}.`,
    }),
    at(ended, {
      type: 'Failed',
      status: failed ? 'True' : 'False',
      reason: failed ? (why?.reason ?? 'NodeFailed') : 'NoNodeFailed',
      message: failed ? (why?.message ?? `${node} failed.`) : 'No node failed.',
    }),
    at(ended, { type: 'Lossless', ...lost }),
  ]
}

function secondsBetween({ startTime, endTime }: TraceReportStatus): number {
  if (!startTime || !endTime) return 0
  return Math.max(0, (Date.parse(endTime) - Date.parse(startTime)) / 1000)
}

/** Times of Kubernetes' own objects have whole seconds. */
function wholeSeconds(time: string | undefined): string | undefined {
  return time?.replace(/\.\d+Z$/, 'Z')
}
