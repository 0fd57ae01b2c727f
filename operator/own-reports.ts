/** Which TraceReports are those of a TraceJob. Pure. */
import { reportName } from '../crds/report-name.ts'
import type { LiveTraceJob, LiveTraceReport } from './seen.ts'

/** By the uid of the owner, for a name can come again; and under the name where the node's agent looks for it. */
export function isOwn({ metadata, spec }: LiveTraceReport, job: LiveTraceJob): boolean {
  return (
    metadata.name === reportName(job.metadata.name, spec.nodeName) &&
    (metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid) ?? false)
  )
}
