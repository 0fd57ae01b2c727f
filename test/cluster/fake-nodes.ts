/** Nodes and pods that are objects only: kwok renews the nodes' leases and answers for their kubelets (stages.yaml). */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from './api.ts'
import { ProgramFailed } from './failures.ts'

export interface FakeNodeOptions {
  /**
   * Nodes are called `fake-1`, `fake-2`, …. The pods of nodes called `idle-…` stay as they are: a test writes what
   * becomes of them.
   */
  prefix?: string
  labels?: Readonly<Record<string, string>>
  taints?: readonly { key: string; value?: string; effect: 'NoSchedule' | 'NoExecute' | 'PreferNoSchedule' }[]
}

/** One without it is not kwok's: taken off a node, that node is lost after a while as if its machine were gone. */
const FAKE = { 'kwok.x-k8s.io/node': 'fake' }

/** What the controller manager takes off a new node once it has seen that it is ready. */
const NOT_YET = 'node.kubernetes.io/not-ready'
const WRITERS = 16
const STEP_MS = 200

export function kwokArguments(kubeconfig: string): string[] {
  const [[key, value]] = Object.entries(FAKE) as [[string, string]]
  return [
    `--kubeconfig=${kubeconfig}`,
    `--config=${join(import.meta.dirname, 'stages.yaml')}`,
    '--manage-all-nodes=false',
    `--manage-nodes-with-annotation-selector=${key}=${value}`,
    '--node-lease-duration-seconds=40', // as a kubelet has it, which renews four times in that
    '--server-address=127.0.0.1:10247',
  ]
}

/** @param addresses by the nodes' names. @throws ProgramFailed when one is refused */
export async function createFakeNodes(
  api: Api,
  addresses: ReadonlyMap<string, string>,
  options: FakeNodeOptions,
): Promise<void> {
  const left = addresses.entries()
  const write = async () => {
    for (const [name, address] of left) {
      const { status, text } = await api.ask('POST', '/api/v1/nodes', fakeNode(name, address, options))
      if (status !== 201) throw new ProgramFailed(`node ${name} was not created`, text)
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, write))
}

/** Resolves when pods can be bound to all of them. */
export async function untilSchedulable(api: Api, names: Iterable<string>): Promise<void> {
  const waited = new Set(names)
  for (;;) {
    const { text } = await api.ask('GET', '/api/v1/nodes')
    const nodes: { metadata: { name: string }; spec: { taints?: { key: string }[] } }[] =
      JSON.parse(text).items
    const isTainted = ({ spec }: (typeof nodes)[number]) =>
      spec.taints?.some(({ key }) => key === NOT_YET) ?? false
    if (!nodes.some(node => waited.has(node.metadata.name) && isTainted(node))) return
    await sleep(STEP_MS)
  }
}

/** The n-th machine's; nothing listens there. */
export const fakeAddress = (n: number): string => `10.128.${n >> 8}.${n & 0xff}`

function fakeNode(name: string, address: string, { labels = {}, taints = [] }: FakeNodeOptions): object {
  const now = new Date().toISOString()
  const size = { cpu: '32', memory: '256Gi', 'ephemeral-storage': '256Gi', pods: '110' }
  const arch = 'amd64'
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: FAKE,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': arch,
        ...labels,
      },
    },
    spec: { taints },
    status: {
      capacity: size,
      allocatable: size,
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        ...{ architecture: arch, operatingSystem: 'linux', osImage: 'none', kernelVersion: '0' },
        ...{ kubeletVersion: 'fake', kubeProxyVersion: '', containerRuntimeVersion: 'fake://0' },
        ...{ machineID: name, systemUUID: name, bootID: name },
      },
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          message: 'a fake node is always ready',
          lastHeartbeatTime: now,
          lastTransitionTime: now,
        },
      ],
    },
  }
}
