/** What there is to tell of a cgroup, asked of everybody who may know. */
import type { Told } from '../origins.ts'
import type { ContainerNames } from './container-name.ts'
import { judge } from './judgement.ts'
import type { KnownCgroup } from './known-cgroups.ts'
import type { Pods } from './pods.ts'
import type { Targeting } from './targets.ts'

export interface Sources {
  pods: Pods
  /** Asked last, and only where it matters: it reads files. */
  names: ContainerNames
  targeting: Targeting
}

/** Notes with the cgroup what was found out. undefined: it is worth waiting. */
export function inquire(
  cgroup: KnownCgroup,
  { pods, names, targeting }: Sources,
  ageMs: number,
): Told | undefined {
  const { place } = cgroup
  if (!place || place === 'elsewhere') return judge(targeting, { place, ageMs })
  const { podUid, containerId } = place
  cgroup.pod = pods.byCgroup(podUid) ?? cgroup.pod
  const { pod } = cgroup
  if (!pod) return judge(targeting, { place, ageMs })

  // The kubelet's word comes before what the node says.
  const named = containerId === undefined ? null : pod.containers.get(containerId)
  if (named !== undefined) cgroup.container = named
  const namespaceLabels = pods.namespaceLabels(pod.namespace)
  const judged = () => judge(targeting, { place, pod, namespaceLabels, container: cgroup.container, ageMs })
  const told = judged()
  if (told?.verdict === 'unwanted' || cgroup.container !== undefined) return told
  cgroup.container = names.look(podUid, containerId!, cgroup.path!)
  return judged()
}
