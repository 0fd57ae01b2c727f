import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { settled } from '../../kube/clock.fake.ts'
import type { KubeObject } from '../../kube/object.ts'
import type { ListQuery } from '../../kube/query.ts'
import type { Resource } from '../../kube/resource.ts'
import type { PodObject } from './pod.ts'
import type { PodsChange } from './pods.ts'
import { WatchedPods } from './watched-pods.ts'

const NODE = 'node-1'
const HASH = '3f7a1b2c4d5e6f708192a3b4c5d6e7f8'

/** Objects by kind, and whoever watches them. */
class FakeClient {
  readonly queries: [kind: string, query: ListQuery][] = []
  readonly objects = new Map<string, KubeObject[]>()
  readonly #watches = new Map<string, (event: unknown) => void>()

  async list<T>({ plural }: Resource, query: ListQuery = {}) {
    this.queries.push([plural, query])
    const items = (this.objects.get(plural) ?? []) as T[]
    return { metadata: { resourceVersion: '1' }, items }
  }

  async *watch<T>({ plural }: Resource, _query: unknown, signal: AbortSignal): AsyncGenerator<T> {
    const events: unknown[] = []
    let wake = () => {}
    this.#watches.set(plural, event => {
      events.push(event)
      wake()
    })
    signal.addEventListener('abort', () => wake())
    while (!signal.aborted) {
      const event = events.shift()
      if (event) yield event as T
      else {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    }
  }

  async tell(type: string, plural: string, object: object): Promise<void> {
    this.#watches.get(plural)!({ type, object })
    await settled()
  }
}

async function watched({ withNamespaces = false, pods = [] as PodObject[] } = {}) {
  const client = new FakeClient()
  client.objects
    .set('pods', pods)
    .set('namespaces', [{ metadata: { name: 'shop', uid: 'n', labels: { env: 'prod' } } }])
  const log = pino({ level: 'silent' })
  const node = new WatchedPods({ client: client as never, nodeName: NODE, withNamespaces, log })
  const changes: PodsChange[] = []
  node.onChange(change => changes.push(change))
  const stop = new AbortController()
  const running = node.run(stop.signal)
  await node.synced
  await settled()
  const end = async () => {
    stop.abort()
    await running
  }
  return { client, node, changes, [Symbol.asyncDispose]: end }
}

const aPod = (name: string, given: object = {}) => {
  const metadata = { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '1', ...given }
  return { metadata } as PodObject
}

/** As a kubelet makes it of a static pod. */
const aMirror = (name: string, uid: string) =>
  aPod(`${name}-${NODE}`, {
    uid,
    annotations: { 'kubernetes.io/config.hash': HASH, 'kubernetes.io/config.mirror': HASH },
    ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: NODE, uid: 'x', controller: true }],
  })

describe('the pods of a node', () => {
  test('are asked for by their node, and namespaces not at all', async () => {
    await using given = await watched({ pods: [aPod('web')] })
    expect(given.client.queries.map(([kind, { fieldSelector }]) => [kind, fieldSelector])).toEqual([
      ['pods', `spec.nodeName=${NODE}`],
    ])
    expect(given.node.byCgroup('uid-web')!.name).toBe('web')
    expect(given.node.byCgroup('uid-other')).toBeUndefined()
    expect(given.node.namespaceLabels('shop')).toBeUndefined()
  })

  test('are followed', async () => {
    await using given = await watched({ pods: [aPod('web')] })
    given.changes.length = 0
    await given.client.tell('ADDED', 'pods', aPod('db'))
    await given.client.tell('MODIFIED', 'pods', aPod('web', { labels: { app: 'web' }, resourceVersion: '2' }))
    expect(given.changes).toEqual([{ podUid: 'uid-db' }, { podUid: 'uid-web' }])
    expect(given.node.byCgroup('uid-web')!.labels).toEqual({ app: 'web' })
    expect(given.node.byCgroup('uid-db')!.name).toBe('db')
  })

  test('are remembered when they are deleted, and not taken for others of their name', async () => {
    await using given = await watched({ pods: [aPod('web')] })
    await given.client.tell('DELETED', 'pods', aPod('web'))
    await given.client.tell('ADDED', 'pods', aPod('web', { uid: 'uid-2' }))
    expect(given.node.byCgroup('uid-web')!.uid).toBe('uid-web')
    expect(given.node.byCgroup('uid-2')!.uid).toBe('uid-2')
  })

  test('are remembered up to a number', async () => {
    await using given = await watched()
    for (let i = 0; i < 300; i++) {
      void given.client.tell('ADDED', 'pods', aPod(`pod-${i}`))
      void given.client.tell('DELETED', 'pods', aPod(`pod-${i}`))
    }
    await settled()
    expect(given.node.byCgroup('uid-pod-0')).toBeUndefined()
    expect(given.node.byCgroup('uid-pod-299')).toBeDefined()
  })
})

describe('a static pod', () => {
  test('is found by the hash of its manifest', async () => {
    await using given = await watched({ pods: [aMirror('etcd', 'uid-mirror')] })
    expect(given.node.byCgroup(HASH)!.name).toBe(`etcd-${NODE}`)
    expect(given.changes).toContainEqual({ podUid: HASH })
  })

  test('is nobody’s while two claim to be it, and not remembered', async () => {
    await using given = await watched({ pods: [aMirror('etcd', 'uid-mirror')] })
    await given.client.tell('ADDED', 'pods', aMirror('evil', 'uid-evil'))
    expect(given.node.byCgroup(HASH)).toBeUndefined()
    await given.client.tell('DELETED', 'pods', aMirror('evil', 'uid-evil'))
    expect(given.node.byCgroup(HASH)!.name).toBe(`etcd-${NODE}`)
    await given.client.tell('DELETED', 'pods', aMirror('etcd', 'uid-mirror'))
    expect(given.node.byCgroup(HASH)).toBeUndefined()
  })

  test('does not come before a pod that has that uid', async () => {
    await using given = await watched({ pods: [aMirror('evil', 'uid-evil'), aPod('web', { uid: HASH })] })
    expect(given.node.byCgroup(HASH)!.name).toBe('web')
  })
})

test('the labels of namespaces are followed where they are asked for', async () => {
  await using given = await watched({ withNamespaces: true })
  expect(given.node.namespaceLabels('shop')).toEqual({ env: 'prod' })
  expect(given.node.namespaceLabels('other')).toBeUndefined()
  await given.client.tell('ADDED', 'namespaces', { metadata: { name: 'other', uid: 'm' } })
  expect(given.node.namespaceLabels('other')).toEqual({})
  expect(given.changes).toContainEqual({ namespace: 'other' })
})
