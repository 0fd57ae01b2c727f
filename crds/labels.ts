import { GROUP } from './group-version.ts'

/** The labels by which what belongs to a TraceJob is found. */
export const LABELS = {
  /** On reports, DaemonSet and pods: the name of the TraceJob. */
  job: `${GROUP}/job`,
  /** Its namespace: DaemonSet and pods lie in the operator's own. */
  jobNamespace: `${GROUP}/job-namespace`,
  /** Its uid, for a name can come again. */
  jobUid: `${GROUP}/job-uid`,
} as const
