/** The pods of one node, as the agent asks for them. Pure. */
import type { Pod } from './pod.ts'
import type { Labels } from './selector.ts'

/** What may now be answered otherwise. */
export type PodsChange =
  /** The pod whose cgroups are named after it. */
  | { podUid: string }
  /** The pods of this namespace, whose labels have changed. */
  | { namespace: string }

export interface Pods {
  /** @param podUid what the pod's cgroups are named after. undefined: not known (yet). */
  byCgroup(podUid: string): Pod | undefined
  /** undefined: not known (yet). */
  namespaceLabels(namespace: string): Labels | undefined
  onChange(call: (change: PodsChange) => void): Disposable
}
