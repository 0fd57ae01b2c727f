import { pino } from 'pino'
import { beforeAll, expect, test } from 'vitest'
import { Client } from '../../kube/client.ts'
import type { KubeEvent, Occurrence } from '../../kube/event.ts'
import { fromKubeconfig } from '../../kube/kubeconfig.ts'
import type { KubeObject } from '../../kube/object.ts'
import { EventRecorder } from '../../kube/recorder.ts'
import { EVENTS, NAMESPACES } from '../../kube/resource.ts'
import { startCluster, type TestCluster } from '../cluster/cluster.ts'
import { until } from '../kernel/poll.ts'

const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' }
const log = pino({ level: 'silent' })

let cluster: TestCluster
let client: Client
beforeAll(async () => {
  cluster = await startCluster({ without: ['kube-controller-manager', 'kube-scheduler'] })
  client = new Client(fromKubeconfig({ path: cluster.kubeconfig }), { userAgent: 'test', log })
  await client.create(NAMESPACES, { metadata: { name: 'shop' } })
  return async () => {
    await client[Symbol.asyncDispose]()
    await cluster[Symbol.asyncDispose]()
  }
})

const aRecorder = () =>
  new EventRecorder({
    client,
    reportingController: 'tracejob.dev/operator',
    reportingInstance: 'tracejob-operator-5d8f-x2x9q',
    log,
  })

async function anObject(name: string): Promise<KubeObject> {
  const created = await client.create<KubeObject>(CONFIG_MAPS, { metadata: { namespace: 'shop', name } })
  return { ...created, apiVersion: 'v1', kind: 'ConfigMap' }
}

const happens = (regarding: KubeObject, changes: Partial<Occurrence> = {}): Occurrence => ({
  regarding,
  type: 'Normal',
  reason: 'Started',
  action: 'Tracing',
  note: 'Traces on 4 nodes.',
  ...changes,
})

async function eventsOf(name: string): Promise<KubeEvent[]> {
  const { items } = await client.list<KubeEvent>(EVENTS, { namespace: 'shop' })
  return items.filter(({ regarding }) => regarding.name === name)
}

const told = async (name: string) =>
  (await eventsOf(name)).map(({ note, series }) => [note, series?.count ?? 1]).sort()

test('what happened is told as a series, and kubectl shows it', async () => {
  await using recorder = aRecorder()
  const object = await anObject('shown')
  recorder.record(happens(object))
  await until('the first is told', async () => (await eventsOf('shown')).length > 0)
  recorder.record(happens(object))
  await until('the second is counted', async () => (await told('shown'))[0]?.[1] === 2)
  for (let i = 0; i < 5; i++) recorder.record(happens(object))
  recorder.record(
    happens(object, { type: 'Warning', reason: 'NodeFailed', note: 'Node "n1" can’t trace: é€😀' }),
  )
  await recorder.flush()
  expect(await told('shown')).toEqual([
    ['Node "n1" can’t trace: é€😀', 1],
    ['Traces on 4 nodes.', 7],
  ])
  expect(recorder.dropped).toEqual({ RateLimited: 0, TooMany: 0, Failed: 0 })

  const { stdout: listed } = await cluster.kubectl(['events', '-n', 'shop', '--for=configmap/shown'])
  expect(listed).toMatch(/\(x7 over \S+\)\s+Normal\s+Started\s+ConfigMap\/shown\s+Traces on 4 nodes\./)
  expect(listed).toMatch(/Warning\s+NodeFailed\s+ConfigMap\/shown\s+Node "n1" can’t trace: é€😀/)
  const { stdout: got } = await cluster.kubectl(['get', 'events', '-n', 'shop'])
  expect(got).toMatch(/Normal\s+Started\s+configmap\/shown\s+Traces on 4 nodes\./)
  const { stdout: described } = await cluster.kubectl(['describe', 'configmap', '-n', 'shop', 'shown'])
  expect(described).toMatch(
    /Normal\s+Started\s+\S+ \(x7 over \S+\)\s+tracejob\.dev\/operator\s+Traces on 4 nodes\./,
  )
})

test('the API server takes whatever is too long, cut, and whatever an object is called', async () => {
  await using recorder = aRecorder()
  const object = await anObject('long')
  recorder.record(
    happens(object, { note: '😀'.repeat(1000), reason: 'R'.repeat(300), action: 'A'.repeat(300) }),
  )
  const names = [`${'n'.repeat(235)}.${'m'.repeat(17)}`, 'system:odd', 'x']
  for (const name of names) recorder.record(happens({ ...object, metadata: { ...object.metadata, name } }))
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } }
  recorder.record(happens(node))
  await recorder.flush()
  expect(recorder.dropped.Failed).toBe(0)
  for (const name of ['long', ...names]) expect(await eventsOf(name)).toHaveLength(1)
  const [{ note }] = await eventsOf('long')
  expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1024)
  const { items } = await client.list<KubeEvent>(EVENTS, { namespace: 'default' })
  expect(items.filter(({ regarding }) => regarding.name === 'node-1')).toHaveLength(1)
})

test('about one object there are no more than 25 at once', async () => {
  await using recorder = aRecorder()
  const object = await anObject('noisy')
  for (let i = 0; i < 60; i++) recorder.record(happens(object, { note: `note ${i}` }))
  await recorder.flush()
  expect([(await eventsOf('noisy')).length, recorder.dropped.RateLimited]).toEqual([25, 35])
})

test('a series whose event the API server has forgotten is told anew', async () => {
  await using recorder = aRecorder()
  const object = await anObject('forgotten')
  recorder.record(happens(object))
  await recorder.flush()
  const [{ metadata }] = await eventsOf('forgotten')
  await client.remove(EVENTS, metadata)
  recorder.record(happens(object))
  await recorder.flush()
  expect(await told('forgotten')).toEqual([['Traces on 4 nodes.', 2]])
})

test('what it refuses is dropped and counted, and holds up nothing', async () => {
  await using recorder = aRecorder()
  const object = await anObject('fine')
  const elsewhere = { ...object, metadata: { ...object.metadata, namespace: 'no-such-namespace' } }
  recorder.record(happens(elsewhere))
  recorder.record(happens(object, { reason: '' }))
  recorder.record(happens(object))
  await until('the good one is told', async () => (await eventsOf('fine')).length === 1)
  await until('the others are given up', () => recorder.dropped.Failed === 2)
})
