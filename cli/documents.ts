import { stringify } from 'yaml'
import { DEFAULTS } from '../crds/defaults.ts'
import { API_VERSION } from '../crds/group-version.ts'
import { reportName } from '../crds/report-name.ts'
import type { TraceJob } from '../crds/trace-job.ts'
import type { TraceReport, TraceReportStatus } from '../crds/trace-report.ts'
import { finishedStatus } from './one-node.ts'

/** The finished TraceJob and its TraceReport as they would stand in a cluster. */
export function finishedObjects(
  job: TraceJob,
  report: TraceReportStatus,
  node: string,
  now: Date,
): [TraceJob, TraceReport] {
  const { name, namespace } = job.metadata
  return [
    { ...job, status: finishedStatus(job, report, node, now) },
    {
      apiVersion: API_VERSION,
      kind: 'TraceReport',
      metadata: { name: reportName(name, node), ...(namespace !== undefined && { namespace }) },
      spec: { nodeName: node, reportIntervalSeconds: DEFAULTS.reportIntervalSeconds },
      status: report,
    },
  ]
}

/** Both as YAML, one document each. */
export function yamlDocuments(objects: readonly object[]): string {
  // As of YAML 1.1, which most others still read: there a bare time or `yes` is no string.
  const options = { schema: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false } as const
  return objects.map(object => stringify(object, options)).join('---\n')
}
