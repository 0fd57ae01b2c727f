/** A node that is only an object. Pure. */

export interface NodeOptions {
  labels?: Record<string, string>
  taints?: { key: string; value?: string; effect: string }[]
}

const HEARTBEAT_LEASES = 'kube-node-lease'
const LEASE_SECONDS = 40

/** With the status that a kubelet would write. */
export function nodeObject(name: string, { labels = {}, taints = [] }: NodeOptions, now: string) {
  const size = { cpu: '8', memory: '32Gi', pods: '110' }
  const condition = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: '' }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...labels },
    },
    spec: { taints },
    status: {
      capacity: size,
      allocatable: size,
      conditions: [{ ...condition, lastHeartbeatTime: now, lastTransitionTime: now }],
    },
  }
}

/** By which the controller manager knows that the node lives. `now` in microseconds, as a Lease has it. */
export function heartbeat(name: string, now: string) {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: HEARTBEAT_LEASES },
    spec: { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime: now.replace(/Z$/, '000Z') },
  }
}
