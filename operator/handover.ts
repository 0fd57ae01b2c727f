/** The TraceJob as its agents get it. Pure. */
import { API_VERSION } from '../crds/group-version.ts'
import type { TraceJobSpec } from '../crds/trace-job.ts'
import type { LiveTraceJob } from './seen.ts'

/** Linux gives 128 KiB to each variable of an environment, and Kubernetes looks at it no further. */
export const HANDOVER_BYTES_MAX = 120 * 1024

/** The value of the variable TRACEJOB: JSON, the same for the same job always. */
export function handover({ metadata: { name, namespace, uid } }: LiveTraceJob, spec: TraceJobSpec): string {
  const job = { apiVersion: API_VERSION, kind: 'TraceJob', metadata: { name, namespace, uid }, spec }
  // The kubelet makes one $ of two, and of $(NAME) another variable's value: /a$$b would be another path.
  return JSON.stringify(job).replaceAll('$', '\\u0024')
}
