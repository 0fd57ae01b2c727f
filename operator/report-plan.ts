/** What there is to do about a TraceJob's reports, one for each node. Pure. */
import { API_VERSION } from '../crds/group-version.ts'
import { LABELS } from '../crds/labels.ts'
import { reportName } from '../crds/report-name.ts'
import type { TraceJobSpec } from '../crds/trace-job.ts'
import type { Action, NewReport } from './action.ts'
import type { Deadlines } from './deadlines.ts'
import { reportInterval } from './interval.ts'
import { isFinal } from './node-states.ts'
import { isOwn } from './own-reports.ts'
import type { LiveTraceJob, LiveTraceReport, Seen } from './seen.ts'
import { podsByNode, type Standing } from './standing.ts'

/** While it traces: a report for each node that has an agent, and each with the right time and pace. */
export function keepReports(
  job: LiveTraceJob,
  spec: TraceJobSpec,
  { pods, reports }: Seen,
  { deadlines, nodes, unnamed }: Standing,
  now: Date,
): Action[] {
  if (!deadlines) return []
  const seconds = reportInterval(nodes.length + unnamed)
  const byName = new Map(reports.map(report => [report.metadata.name, report]))
  const named = [...podsByNode(pods)].flatMap(([node, pod]): Action[] => {
    const there = byName.get(reportName(job.metadata.name, node))
    if (there) return isOwn(there, job) ? [] : outOfTheWay(there)
    const duration = durationLeft(spec, deadlines, now)
    if (pod.metadata.deletionTimestamp || duration === 0) return []
    return [{ do: 'createReport', report: newReport(job, node, duration, seconds) }]
  })
  const own = reports.filter(report => isOwn(report, job))
  const isTimeUp = deadlines.stopAt !== undefined && now >= deadlines.stopAt
  return [...named, ...(isTimeUp ? callOff(job, own) : own.flatMap(report => slower(report, seconds)))]
}

/** Who still traces shall stop, and who comes late shall not begin. */
export function callOff(job: LiveTraceJob, reports: readonly LiveTraceReport[]): Action[] {
  return reports
    .filter(report => isOwn(report, job) && !isFinal(report.status) && report.spec.durationSeconds !== 0)
    .flatMap(report => adjusted(report, { durationSeconds: 0 }, 'the time of the TraceJob is over'))
}

/** Never faster again: a cluster that grows and shrinks by one node shall not have every report written each time. */
function slower(report: LiveTraceReport, seconds: number): Action[] {
  if (isFinal(report.status) || report.spec.reportIntervalSeconds >= seconds) return []
  return adjusted(report, { reportIntervalSeconds: seconds }, 'there are more nodes than before')
}

function adjusted(
  { metadata: { name, uid, deletionTimestamp } }: LiveTraceReport,
  spec: Partial<LiveTraceReport['spec']>,
  because: string,
): Action[] {
  return uid && !deletionTimestamp ? [{ do: 'adjustReport', name, uid, spec, because }] : []
}

/** Of a TraceJob that had the same name; when it is gone there is room for ours. */
function outOfTheWay({ metadata: { name, uid, deletionTimestamp } }: LiveTraceReport): Action[] {
  if (!uid || deletionTimestamp) return []
  return [{ do: 'deleteReport', name, uid, because: "it is another TraceJob's, and in the way" }]
}

/** In seconds: less for a node that comes late, so that all of them come to an end. Undefined: for ever. */
function durationLeft(
  { durationSeconds }: TraceJobSpec,
  { stopAt }: Deadlines,
  now: Date,
): number | undefined {
  if (durationSeconds === undefined || stopAt === undefined) return undefined
  const left = Math.floor((stopAt.getTime() - now.getTime()) / 1000)
  return Math.max(0, Math.min(durationSeconds, left))
}

function newReport(
  { metadata: { name, namespace, uid } }: LiveTraceJob,
  node: string,
  durationSeconds: number | undefined,
  reportIntervalSeconds: number,
): NewReport {
  const owner = {
    apiVersion: API_VERSION,
    kind: 'TraceJob',
    name,
    uid,
    controller: true,
    blockOwnerDeletion: false,
  }
  return {
    apiVersion: API_VERSION,
    kind: 'TraceReport',
    metadata: {
      name: reportName(name, node),
      namespace,
      labels: { [LABELS.job]: name, [LABELS.jobNamespace]: namespace, [LABELS.jobUid]: uid },
      ownerReferences: [owner],
    },
    spec: {
      nodeName: node,
      ...(durationSeconds !== undefined && { durationSeconds }),
      reportIntervalSeconds,
    },
  }
}
