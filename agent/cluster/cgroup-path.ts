/**
 * Which pod and container a cgroup is of, by its path: what kubelet, containerd, CRI-O and cri-dockerd name
 * theirs, with either cgroup driver. Pure.
 */

/** A cgroup in a pod's. */
export interface PodCgroup {
  /** For a static pod the hash that its kubelet gave it, which is not the uid of its mirror. */
  podUid: string
  /** Of a container or of the pod's sandbox; absent in the pod's own cgroup and in what is neither. */
  containerId?: string
}

/** cgroupfs: /kubepods/burstable/pod2f6d…; the kubelet's cgroupRoot may come before. */
const POD_FOLDER = /^pod(?<uid>.+)$/
const POD_PARENTS = ['kubepods', 'besteffort', 'burstable', 'guaranteed']
/** systemd: kubepods-burstable-pod2f6d….slice; the name of a slice begins with those of its parents. */
const POD_SLICE = /^(?:.+-)?kubepods(?:-(?:besteffort|burstable|guaranteed))?-pod(?<uid>[^-]+)\.slice$/
/** A runtime that was not told that systemd is the driver: kubepods-burstable-pod2f6d….slice:cri-containerd:0a1b…. */
const POD_COLON = /^(?<slice>[^:]+\.slice):(?<runtime>[^:]+):(?<id>[^:]+)$/
/** 0a1b…, cri-containerd-0a1b….scope, crio-0a1b…. */
const CONTAINER = /^(?:(?<runtime>[a-z][a-z0-9._-]*)-)?(?<id>[0-9a-f]{64})(?:\.scope)?$/
/** CRI-O's monitor of a container: a process of the host that may run beside it. */
const MONITOR = /(?:^|-)conmon$/

/**
 * @param path from the root of the hierarchy or of the node's part of it.
 * @param root where this node's pods begin, see podsRoot; undefined: anywhere. Another kubelet's are none of ours.
 * @returns null: of the host, and of no pod.
 */
export function podCgroup(path: string, root?: string): PodCgroup | null {
  if (root !== undefined && podsRoot(path) !== root) return null
  const names = path.split('/').filter(Boolean)
  // The outermost pod is the node's. What looks like another below it was made by its containers.
  for (const [at, name] of names.entries()) {
    const colon = POD_COLON.exec(name)?.groups
    const uid = podUid(colon?.slice ?? name, names[at - 1])
    if (uid === undefined) continue
    const containerId = containerIn(colon ? `${colon.runtime}-${colon.id}` : (names[at + 1] ?? ''))
    return { podUid: uid, ...(containerId === undefined ? {} : { containerId }) }
  }
  return null
}

/** What comes before the kubepods of a pod's path: the kubelet's cgroupRoot, the same for all pods of a node. */
export function podsRoot(path: string): string {
  const names = path.split('/')
  return names
    .slice(
      0,
      names.findIndex(name => name.includes('kubepods')),
    )
    .join('/')
}

function podUid(name: string, parent: string | undefined): string | undefined {
  // A slice's name may not hold the dashes of a uid.
  const slice = POD_SLICE.exec(name)?.groups?.uid
  if (slice !== undefined) return slice.replaceAll('_', '-')
  if (parent === undefined || !POD_PARENTS.includes(parent)) return undefined
  return POD_FOLDER.exec(name)?.groups?.uid
}

function containerIn(name: string): string | undefined {
  const groups = CONTAINER.exec(name)?.groups
  return groups && !MONITOR.test(groups.runtime ?? '') ? groups.id : undefined
}
