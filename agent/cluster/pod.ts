/** A pod as far as an open has to be told to it. Pure. */
import type { KubeObject } from '../../kube/object.ts'
import type { Labels } from './selector.ts'

export interface Pod {
  namespace: string
  name: string
  uid: string
  /** Of a static pod: what its cgroups are named after instead of its uid. */
  staticHash?: string
  labels: Labels
  /** The name of each container whose id the kubelet has told, those before a restart included. */
  containers: ReadonlyMap<string, string>
}

interface ContainerStatus {
  name?: string
  /** containerd://0a1b… */
  containerID?: string
  state?: { terminated?: { containerID?: string } }
  lastState?: { terminated?: { containerID?: string } }
}

const STATUSES = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const
const HASH = 'kubernetes.io/config.hash'
const MIRROR = 'kubernetes.io/config.mirror'

/** A v1 Pod: as it comes, where nothing below `metadata` is checked, or with only what is kept of it. */
export interface PodObject extends KubeObject {
  status?: Partial<Record<(typeof STATUSES)[number], ContainerStatus[]>>
  pod?: Pod
}

/** What is to stay in memory: a node's pods as they are take megabytes. */
export function keptPod(object: PodObject, nodeName: string): PodObject {
  const { name, namespace, uid, resourceVersion } = object.metadata
  const metadata = { name, namespace, uid, resourceVersion } as PodObject['metadata']
  if (!uid || !namespace) return { metadata }
  const staticHash = staticHashOf(object, nodeName)
  const labels = object.metadata.labels ?? {}
  const containers = containersOf(object)
  return { metadata, pod: { namespace, name, uid, labels, containers, ...(staticHash && { staticHash }) } }
}

function containersOf({ status }: PodObject): Map<string, string> {
  const containers = new Map<string, string>()
  for (const kind of STATUSES) {
    for (const { name, containerID, state, lastState } of listOf(status?.[kind])) {
      for (const id of [containerID, state?.terminated?.containerID, lastState?.terminated?.containerID]) {
        const bare = id?.split('://').at(-1)
        if (name && bare) containers.set(bare, name)
      }
    }
  }
  return containers
}

function listOf(statuses: ContainerStatus[] | undefined): ContainerStatus[] {
  return Array.isArray(statuses) ? statuses : []
}

/**
 * The hash of a static pod's manifest, if this is its mirror: the API server's copy, with a uid of its own.
 * Anyone who may create pods can write such annotations, so it is believed only of what looks like a mirror
 * in every way.
 */
function staticHashOf({ metadata }: PodObject, nodeName: string): string | undefined {
  const { annotations = {}, ownerReferences = [], name } = metadata
  const hash = annotations[HASH]
  const isOfNode = ownerReferences.some(
    owner => owner.kind === 'Node' && owner.name === nodeName && owner.controller === true,
  )
  const isMirror = annotations[MIRROR] === hash && name.endsWith(`-${nodeName}`)
  return hash && isMirror && isOfNode ? hash : undefined
}
