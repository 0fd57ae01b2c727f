import { expect, test } from 'vitest'
import { FakeCluster } from './cluster.fake.ts'
import { daemonSetName } from './names.ts'
import { NotLeading } from './not-leading.ts'
import { reconcile } from './reconcile.ts'
import type { LiveTraceJob } from './seen.ts'
import type { Settings } from './settings.ts'

const SETTINGS: Settings = {
  namespace: 'system',
  instance: 'tracejob',
  agent: {
    image: 'agent:1',
    imagePullPolicy: 'IfNotPresent',
    imagePullSecrets: [],
    serviceAccountName: 'agent',
    resources: {},
    capabilities: ['BPF'],
  },
  maxRunningJobs: 1,
}

function aJob(spec: object = { durationSeconds: 60 }): LiveTraceJob {
  const metadata = {
    name: 'who',
    namespace: 'shop',
    uid: 'job-1',
    generation: 1,
    creationTimestamp: '2026-11-23T11:59:59Z',
  }
  return { metadata, spec } as LiveTraceJob
}

const key = 'shop/who'
const DAEMON_SET = daemonSetName('who', 'job-1')
const look = (cluster: FakeCluster) => reconcile(key, cluster, SETTINGS)

/** What is done until nothing more is. */
async function settle(cluster: FakeCluster): Promise<string[]> {
  for (let round = 0; round < 20; round++) {
    const before = cluster.done.length
    await look(cluster)
    if (cluster.done.length === before) return cluster.done.splice(0)
  }
  throw new Error(`never comes to rest: ${cluster.done.join(', ')}`)
}

const AT = '2026-11-23T12:00:00Z'

test('a TraceJob is traced, ends, and is cleared away; and each step is taken once', async () => {
  const cluster = new FakeCluster(aJob(), ['a', 'b'])
  expect(await settle(cluster)).toEqual([
    `createDaemonSet ${DAEMON_SET}`,
    'status Pending',
    'record Started',
    'createReport who.a',
    'createReport who.b',
    'status Pending',
  ])
  for (const node of ['a', 'b']) cluster.report(node, { state: 'Tracing', startTime: AT })
  expect(await settle(cluster)).toEqual(['status Tracing', 'record Tracing'])
  cluster.pass(60)
  for (const node of ['a', 'b'])
    cluster.report(node, { state: 'Completed', startTime: AT, endTime: '2026-11-23T12:01:00Z' })
  expect(await settle(cluster)).toEqual(['status Completed', 'record Completed'])
  cluster.pass(299)
  expect(await settle(cluster)).toEqual([])
  cluster.pass(1)
  expect(await settle(cluster)).toEqual([`deleteDaemonSet ${DAEMON_SET}`])
})

test('one that waits for its turn is told so, and nothing is created', async () => {
  const cluster = new FakeCluster(aJob(), ['a'])
  cluster.place = 2
  expect(await settle(cluster)).toEqual(['status Pending', 'record Waiting'])
})

test('one that is gone is left alone', async () => {
  const cluster = new FakeCluster(undefined, ['a'])
  expect(await look(cluster)).toEqual({ failed: false })
  expect(cluster.done).toEqual([])
})

test('what the API server refuses stands in the status, once, and is tried again', async () => {
  const cluster = new FakeCluster(aJob(), ['a'])
  cluster.refuse = ({ do: deed }) => (deed === 'createDaemonSet' ? 'exceeded quota: none' : undefined)
  expect((await look(cluster)).failed).toBe(true)
  expect((await look(cluster)).failed).toBe(true)
  expect(cluster.done).toEqual(['status Pending', 'record Started'])
  const tracing = cluster.job?.status?.conditions?.find(({ type }) => type === 'Tracing')
  expect(tracing).toMatchObject({ status: 'False', message: expect.stringContaining('exceeded quota: none') })
})

test('a spec by another schema is refused in its own status, and nothing else is done', async () => {
  const cluster = new FakeCluster(aJob({ fromTheFuture: true }), ['a'])
  expect(await settle(cluster)).toEqual(['status Failed', 'record Failed'])
  expect(cluster.job?.status?.conditions?.[0]).toMatchObject({
    type: 'Accepted',
    status: 'False',
    message: expect.stringContaining('fromTheFuture'),
  })
})

test('no end is written by what the caches say: they may not have heard of a node', async () => {
  const cluster = new FakeCluster(aJob(), ['a'])
  await settle(cluster)
  // Long after the deadlines, and the caches still have the report as it was created.
  cluster.afresh = {
    reports: cluster.reports.map(report => ({
      ...report,
      status: { state: 'Completed', startTime: AT, endTime: AT },
    })),
  }
  cluster.pass(3600)
  await look(cluster)
  expect(cluster.job?.status?.state).toBe('Completed')
})

test('nor of a TraceJob that is gone by then', async () => {
  const cluster = new FakeCluster(aJob(), ['a'])
  await settle(cluster)
  cluster.afresh = 'gone'
  cluster.pass(3600)
  expect(await look(cluster)).toEqual({ failed: false })
  expect(cluster.done).toEqual([])
})

test('is looked at again when time alone will have changed something', async () => {
  const cluster = new FakeCluster(aJob(), ['a'])
  await settle(cluster)
  const { againInMs } = await look(cluster)
  // startDeadlineSeconds.
  expect(againInMs).toBe(120_000)
})

test('looks again when what was written and never seen no longer counts', async () => {
  const cluster = new FakeCluster(aJob(), ['a'])
  cluster.unseenInMs = 1234
  expect((await look(cluster)).againInMs).toBe(1234)
})

test('an end stays as it is, whatever comes after it', async () => {
  const cluster = new FakeCluster(aJob(), ['a'])
  await settle(cluster)
  cluster.report('a', { state: 'Completed', startTime: AT, endTime: AT })
  await settle(cluster)
  const { status } = cluster.job!
  cluster.report('a', { state: 'Failed', failure: { reason: 'NodeLost', message: '' } })
  cluster.pass(10)
  await settle(cluster)
  expect(cluster.job?.status).toEqual(status)
})

test('it deletes itself when it was told to', async () => {
  const spec = { durationSeconds: 1, logRetentionSeconds: 3, ttlSecondsAfterFinished: 5 }
  const cluster = new FakeCluster(aJob(spec), ['a'])
  await settle(cluster)
  cluster.report('a', { state: 'Completed', startTime: AT, endTime: AT })
  await settle(cluster)
  cluster.pass(3)
  expect(await settle(cluster)).toEqual([`deleteDaemonSet ${DAEMON_SET}`])
  cluster.pass(2)
  expect(await settle(cluster)).toEqual(['deleteJob'])
})

test('an edited DaemonSet is put right, and that is told', async () => {
  const cluster = new FakeCluster(aJob(), ['a'])
  await settle(cluster)
  cluster.daemonSet = {
    ...cluster.daemonSet!,
    spec: { ...cluster.daemonSet!.spec, updateStrategy: { type: 'RollingUpdate' } },
  }
  expect(await settle(cluster)).toEqual([`healDaemonSet ${DAEMON_SET}`, 'record Healed'])
})

test('a DaemonSet that was deleted is created again', async () => {
  const cluster = new FakeCluster(aJob(), ['a'])
  await settle(cluster)
  cluster.daemonSet = undefined
  expect(await settle(cluster)).toContain(`createDaemonSet ${DAEMON_SET}`)
})

test('a defect of ours stands in the status, and does not go by as if nothing were', async () => {
  const cluster = new FakeCluster(aJob(), ['a'])
  await settle(cluster)
  cluster.observe = () => {
    throw new TypeError('x is not a function')
  }
  await expect(look(cluster)).rejects.toThrow('x is not a function')
  const { conditions } = cluster.job!.status!
  expect(conditions?.map(({ type, status, reason }) => [type, status, reason])).toEqual([
    ['Accepted', 'True', 'Valid'],
    ['Tracing', 'Unknown', 'Internal'],
    ['Complete', 'False', 'NotStarted'],
    ['Failed', 'False', 'NoNodeFailed'],
    ['Lossless', 'Unknown', 'NothingCounted'],
  ])
})

test('also on the first visit; what the API server says is none', async () => {
  const cluster = new FakeCluster(aJob(), ['a'])
  cluster.apply = () => Promise.reject(new NotLeading())
  await expect(look(cluster)).rejects.toThrow(NotLeading)
  expect(cluster.job!.status).toBeUndefined()
  cluster.apply = () => Promise.reject(new Error('odd'))
  await expect(look(cluster)).rejects.toThrow('odd')
  expect(cluster.job!.status?.conditions?.map(({ status }) => status)).toEqual(Array(5).fill('Unknown'))
})
