import type { Finding } from './problem.ts'
import type { TraceJob, TraceJobSpec } from './trace-job.ts'

const ALONE = 'and `tracejob run` traces this machine alone'

/** What only a cluster can answer, each with the reason. */
const NEEDS_CLUSTER: { field: keyof TraceJobSpec; because: string }[] = [
  { field: 'podSelector', because: `selects pods by labels, which only a cluster has, ${ALONE}` },
  { field: 'namespaceSelector', because: `selects namespaces by labels, which only a cluster has, ${ALONE}` },
  { field: 'containerNames', because: `selects containers of pods, which only a cluster has, ${ALONE}` },
  { field: 'nodeSelector', because: `selects nodes, which only a cluster has, ${ALONE}` },
  { field: 'affinity', because: `selects nodes, which only a cluster has, ${ALONE}` },
]

/** An empty list or map of labels restricts nothing. An empty podSelector does: it leaves out what is in no pod. */
function asksForSomething(field: keyof TraceJobSpec, value: unknown): boolean {
  if (value === undefined) return false
  return field === 'podSelector' || field === 'namespaceSelector' || Object.keys(value as object).length > 0
}

function refusedProgram({ source }: TraceJobSpec['program']): Finding[] {
  if (!source) return []
  if (source.configMapKeyRef) {
    const message =
      'reads a ConfigMap, which only a cluster has; use inline, once this release runs programs of your own'
    return [{ path: ['spec', 'program', 'source', 'configMapKeyRef'], message }]
  }
  const message = 'programs of your own are not run by this release yet; use openat: {}'
  return [{ path: ['spec', 'program', 'source'], message }]
}

/**
 * What a run without a cluster can't do of what the job asks for. Either scope is fine: the machine is the scope.
 * @returns nothing if the job can run
 */
export function refusedStandalone({ spec }: TraceJob): Finding[] {
  const selectors = NEEDS_CLUSTER.filter(({ field }) => asksForSomething(field, spec[field]))
  return [
    ...refusedProgram(spec.program),
    ...selectors.map(({ field, because }) => ({
      path: ['spec', field],
      message: because + '; leave it out',
    })),
  ]
}
