/** Whether the opens of a cgroup are wanted, by the TraceJob's scope and selectors. Pure. */
import type { TraceJobSpec } from '../../crds/trace-job.ts'
import type { Pod } from './pod.ts'
import { type Labels, matches } from './selector.ts'

export type Targeting = Pick<
  TraceJobSpec,
  'scope' | 'podSelector' | 'namespaceSelector' | 'containerNames'
> & {
  /** The TraceJob's own. */
  namespace: string
}

/** Unknown: it depends on what is not known yet. */
export type Answer = 'wanted' | 'unwanted' | 'unknown'

export interface Candidate {
  pod: Pick<Pod, 'namespace' | 'labels'>
  /** Of the pod's namespace; undefined: not known yet. */
  namespaceLabels: Labels | undefined
  /** null: none of the pod's containers; undefined: not known yet. */
  container: string | null | undefined
}

/** Whether something is unwanted at all. */
export function isSelective(targeting: Targeting): boolean {
  return !wantsHost(targeting)
}

/** Processes of the host are of no namespace, pod or container that a selector could select. */
export function wantsHost(t: Targeting): boolean {
  return t.scope === 'Cluster' && !t.podSelector && !t.namespaceSelector && t.containerNames.length === 0
}

/** One condition that fails is enough, whatever is not known of the others. */
export function wanted(targeting: Targeting, { pod, namespaceLabels, container }: Candidate): Answer {
  const { scope, namespace, podSelector, namespaceSelector, containerNames } = targeting
  if (scope === 'Namespace' && pod.namespace !== namespace) return 'unwanted'
  if (podSelector && !matches(podSelector, pod.labels)) return 'unwanted'
  if (namespaceSelector && namespaceLabels && !matches(namespaceSelector, namespaceLabels)) return 'unwanted'
  if (containerNames.length > 0 && container === null) return 'unwanted'
  if (containerNames.length > 0 && container && !containerNames.includes(container)) return 'unwanted'
  const lacks =
    (namespaceSelector && !namespaceLabels) || (containerNames.length > 0 && container === undefined)
  return lacks ? 'unknown' : 'wanted'
}
