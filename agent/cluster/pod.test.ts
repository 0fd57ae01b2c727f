import { describe, expect, test } from 'vitest'
import { keptPod, type PodObject } from './pod.ts'

const NODE = 'node-1.example.org'
const HASH = '3f7a1b2c4d5e6f708192a3b4c5d6e7f8'
const id = (digit: string) => digit.repeat(64)

const metadata = { name: 'web-1', namespace: 'shop', uid: 'uid-1', resourceVersion: '7' }
const kept = (object: object) => keptPod({ metadata, ...object } as PodObject, NODE)

describe('of a pod', () => {
  test('stays what tells its opens, and nothing else', () => {
    const object = kept({
      apiVersion: 'v1',
      metadata: {
        ...metadata,
        labels: { app: 'web' },
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{…}' },
        managedFields: [{ manager: 'kubelet' }],
      },
      spec: { containers: [{ name: 'app', image: 'web' }] },
      status: {
        phase: 'Running',
        containerStatuses: [{ name: 'app', containerID: `containerd://${id('a')}` }],
      },
    })
    expect(object).toEqual({
      metadata,
      pod: {
        namespace: 'shop',
        name: 'web-1',
        uid: 'uid-1',
        labels: { app: 'web' },
        containers: new Map([[id('a'), 'app']]),
      },
    })
  })

  test('all kinds of containers are known, and what they were before a restart', () => {
    const { pod } = kept({
      status: {
        initContainerStatuses: [
          {
            name: 'setup',
            containerID: `containerd://${id('1')}`,
            state: { terminated: { containerID: `containerd://${id('1')}` } },
          },
          { name: 'sidecar', containerID: `containerd://${id('2')}`, state: { running: {} } },
        ],
        containerStatuses: [
          {
            name: 'app',
            containerID: `cri-o://${id('4')}`,
            state: { running: {} },
            lastState: { terminated: { containerID: `cri-o://${id('3')}`, exitCode: 1 } },
          },
          { name: 'waits', state: { waiting: { reason: 'PodInitializing' } }, lastState: {} },
        ],
        ephemeralContainerStatuses: [{ name: 'debugger', containerID: `docker://${id('5')}` }],
      },
    })
    expect(Object.fromEntries(pod!.containers)).toEqual({
      [id('1')]: 'setup',
      [id('2')]: 'sidecar',
      [id('3')]: 'app',
      [id('4')]: 'app',
      [id('5')]: 'debugger',
    })
  })

  test.each([
    ['that has no status', {}],
    ['whose status is empty', { status: {} }],
    ['whose status is of another shape', { status: { containerStatuses: 'none' } }],
    ['whose containers have no names', { status: { containerStatuses: [{}, { containerID: 'x://y' }] } }],
  ])('%s no container is known', (_, object) => {
    expect(kept(object).pod!.containers.size).toBe(0)
  })

  test('that is in no namespace nothing is known', () => {
    expect(keptPod({ metadata: { name: 'x' } }, NODE)).toEqual({ metadata: { name: 'x' } })
  })
})

describe('the mirror of a static pod', () => {
  const mirror = {
    ...metadata,
    name: `etcd-${NODE}`,
    annotations: { 'kubernetes.io/config.hash': HASH, 'kubernetes.io/config.mirror': HASH },
    ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: NODE, uid: 'n', controller: true }],
  }
  const hashOf = (changed: object) =>
    keptPod({ metadata: { ...mirror, ...changed } } as PodObject, NODE).pod!.staticHash

  test('says what the cgroups of the pod are named after', () => {
    expect(hashOf({})).toBe(HASH)
  })

  test.each<[string, object]>([
    ['only has the hash', { annotations: { 'kubernetes.io/config.hash': HASH } }],
    [
      'has two different ones',
      { annotations: { ...mirror.annotations, 'kubernetes.io/config.mirror': 'other' } },
    ],
    ['has none', { annotations: {} }],
    ['is owned by nobody', { ownerReferences: [] }],
    ['is owned by another node', { ownerReferences: [{ ...mirror.ownerReferences[0], name: 'node-2' }] }],
    [
      'is owned by something else',
      { ownerReferences: [{ ...mirror.ownerReferences[0], kind: 'ReplicaSet' }] },
    ],
    ['is not named after the node', { name: 'etcd' }],
  ])('is not believed where it %s', (_, changed) => {
    expect(hashOf(changed)).toBeUndefined()
  })
})
