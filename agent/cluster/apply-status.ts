import { API_VERSION } from '../../crds/group-version.ts'
import type { TraceReportStatus } from '../../crds/report-status.ts'
import { TRACE_REPORTS } from '../../crds/resources.ts'
import type { Client } from '../../kube/client.ts'
import { FIELD_MANAGER, type OwnReport, type ReportObject } from './own-report.ts'

/**
 * Writes all of a report's status, and returns the report as it is then. With its uid, a report that was
 * deleted is not made again, nor another of its name written to. Throws what the client does.
 */
export function applyStatus(
  client: Pick<Client, 'apply'>,
  { name, namespace, uid }: OwnReport,
  status: TraceReportStatus,
  signal: AbortSignal,
): Promise<ReportObject> {
  const applied = { apiVersion: API_VERSION, kind: 'TraceReport', metadata: { name, namespace, uid }, status }
  const options = { fieldManager: FIELD_MANAGER, force: true, subresource: 'status', signal }
  return client.apply<ReportObject>(TRACE_REPORTS, applied, options)
}
