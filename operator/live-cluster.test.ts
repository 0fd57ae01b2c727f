import { pino } from 'pino'
import { expect, test } from 'vitest'
import { LABELS } from '../crds/labels.ts'
import { TRACE_JOBS, TRACE_REPORTS } from '../crds/resources.ts'
import { FakeClock } from '../kube/clock.fake.ts'
import { isConflict } from '../kube/errors.ts'
import { DAEMON_SETS, PODS } from '../kube/resource.ts'
import type { Action } from './action.ts'
import { afresh } from './afresh.ts'
import { FakeApi, refused } from './api.fake.ts'
import { FakeCaches } from './cache.fake.ts'
import { DaemonSetWrites } from './daemon-set-writes.ts'
import { Executor } from './executor.ts'
import { LiveCluster } from './live-cluster.ts'
import { daemonSetName } from './names.ts'
import { ReportWrites } from './report-writes.ts'
import type { LiveTraceJob } from './seen.ts'
import { StatusWriter } from './status-writer.ts'
import { View } from './view.ts'

const KEY = 'shop/who'
const NAME = daemonSetName('who', 'job-1')
const labels = { [LABELS.job]: 'who', [LABELS.jobNamespace]: 'shop', [LABELS.jobUid]: 'job-1' }
const aDaemonSet = (name = NAME) => ({ metadata: { namespace: 'system', name, labels }, spec: {} })
const aReport = (node: string) => ({
  metadata: { namespace: 'shop', name: `who.${node}`, labels },
  spec: { nodeName: node, reportIntervalSeconds: 2 },
})
const create: Action = { do: 'createDaemonSet', daemonSet: aDaemonSet(), because: 'of a test' }
const createReport = (node: string): Action => ({ do: 'createReport', report: aReport(node) })

/** A cluster with a TraceJob that the cache has. */
function cluster() {
  const api = new FakeApi()
  const caches = new FakeCaches()
  const clock = new FakeClock()
  const view = new View(caches, 1, clock)
  const daemonSets = new DaemonSetWrites({
    ...{
      client: api,
      namespace: 'system',
      instance: { label: 'i', value: 'v' },
      own: view.ownDaemonSets,
      clock,
    },
    healed() {},
  })
  const recorded: string[] = []
  const live = new LiveCluster({
    client: api,
    view,
    afresh: afresh(api, 'system', AbortSignal.timeout(60_000)),
    executor: new Executor({
      client: api,
      daemonSets,
      reports: new ReportWrites(api, view.ownReports),
      record: ({ reason, regarding }) =>
        recorded.push(`${reason} of ${regarding.kind} ${regarding.metadata.uid}`),
      log: pino({ level: 'silent' }),
    }),
    statuses: new StatusWriter(clock),
    wroteStatus() {},
  })
  const metadata = { namespace: 'shop', name: 'who', uid: 'job-1' }
  const job = api.put(TRACE_JOBS, { metadata, spec: {} }) as LiveTraceJob
  caches.jobs.put(job)
  return { api, caches, live, job, recorded }
}

test('a status that was written is the status, although the cache has not seen it', async () => {
  const { live, job, caches } = cluster()
  expect(await live.writeStatus(job, { state: 'Pending' })).toBeUndefined()
  expect(live.traceJob(KEY)?.status).toEqual({ state: 'Pending' })
  expect(caches.jobs.get('shop', 'who')?.status).toBeUndefined()
})

test('until the cache has something newer', async () => {
  const { live, job, api, caches } = cluster()
  await live.writeStatus(job, { state: 'Pending' })
  caches.jobs.put(api.put(TRACE_JOBS, { ...job, status: { state: 'Tracing' } }))
  expect(live.traceJob(KEY)?.status).toEqual({ state: 'Tracing' })
})

test('a status that was thought out over an old one is refused', async () => {
  const { live, job, api } = cluster()
  api.put(TRACE_JOBS, { ...job, status: { state: 'Completed' } })
  await expect(live.writeStatus(job, { state: 'Tracing' })).rejects.toSatisfy(isConflict)
})

test.each([
  ['gone', undefined],
  ['another', 'job-2'],
])('of a TraceJob that is %s by then no status is written, and it is seen no more', async (_, uid) => {
  const { live, job, api } = cluster()
  api.objects.clear()
  if (uid) api.put(TRACE_JOBS, { metadata: { namespace: 'shop', name: 'who', uid } })
  expect(await live.writeStatus(job, { state: 'Tracing' })).toBeUndefined()
  expect(live.traceJob(KEY)).toBeUndefined()
})

test('the one that came again is seen as soon as the cache has it', async () => {
  const { live, job, api, caches } = cluster()
  const second = api.put(TRACE_JOBS, { metadata: { namespace: 'shop', name: 'who', uid: 'job-2' }, spec: {} })
  await live.writeStatus(job, { state: 'Tracing' })
  caches.jobs.put(second as LiveTraceJob)
  expect(live.traceJob(KEY)?.metadata.uid).toBe('job-2')
})

test('what was created is seen, although no cache has it', async () => {
  const { live, job } = cluster()
  expect(live.observe(job)).toEqual({ daemonSet: undefined, pods: [], reports: [], place: 0 })
  expect(await live.apply(job, [create, createReport('a')])).toEqual([])
  const { daemonSet, reports } = live.observe(job)
  expect(daemonSet?.metadata.name).toBe(NAME)
  expect(reports.map(({ metadata }) => metadata.name)).toEqual(['who.a'])
})

test('a copy of the DaemonSet that somebody made is not taken for it', () => {
  const { live, job, caches } = cluster()
  caches.daemonSets.put({ ...aDaemonSet('copy'), metadata: { ...aDaemonSet('copy').metadata, uid: 'x' } })
  expect(live.observe(job).daemonSet).toBeUndefined()
})

test('one action that is refused keeps no other from being done', async () => {
  const { live, job, api } = cluster()
  api.refuse = write => (write.includes('daemonsets') ? refused(403, 'Forbidden') : undefined)
  expect(await live.apply(job, [create, createReport('a'), createReport('b')])).toEqual([
    { action: create, status: 403, message: expect.stringContaining('Forbidden') },
  ])
  expect(live.observe(job).reports).toHaveLength(2)
})

test.each([
  429, 503, 504,
])('where the API server has too much to do (%i), nothing more is sent', async status => {
  const { live, job, api } = cluster()
  api.refuse = () => refused(status, 'Whatever')
  const actions = Array.from({ length: 100 }, (_, node) => createReport(`n${node}`))
  await expect(live.apply(job, actions)).rejects.toThrow(String(status))
  expect(api.writes.length).toBeLessThanOrEqual(8)
})

test('events are about the TraceJob', async () => {
  const { live, job, recorded } = cluster()
  await live.apply(job, [{ do: 'record', type: 'Normal', reason: 'Started', action: 'Start', note: '' }])
  expect(recorded).toEqual(['Started of TraceJob job-1'])
})

test('a TraceJob deletes itself by its uid', async () => {
  const { live, job, api } = cluster()
  await live.apply(job, [{ do: 'deleteJob', uid: 'job-0', because: '' }])
  expect(api.objects.size).toBe(1)
  await live.apply(job, [{ do: 'deleteJob', uid: 'job-1', because: '' }])
  expect(api.objects.size).toBe(0)
})

test('what is seen afresh is what the API server has, and not the caches', async () => {
  const { live, job, api } = cluster()
  api.put(DAEMON_SETS, aDaemonSet())
  api.put(TRACE_REPORTS, { ...aReport('a'), status: { state: 'Tracing' } })
  const aPod = (name: string, uid: string) => ({
    metadata: { namespace: 'system', name, labels: { ...labels, [LABELS.jobUid]: uid } },
    spec: {},
  })
  api.put(PODS, aPod('p', 'job-1'))
  api.put(PODS, aPod('q', 'job-0'))
  const seen = await live.observeAfresh(job)
  expect(seen?.daemonSet?.metadata.name).toBe(NAME)
  expect(seen?.reports.map(({ status }) => status.state)).toEqual(['Tracing'])
  expect(seen?.pods.map(({ metadata }) => metadata.name)).toEqual(['p'])
})

test.each([
  ['gone', undefined],
  ['another', { metadata: { namespace: 'shop', name: 'who', uid: 'job-2' } }],
])('of a TraceJob that is %s by then, nothing is', async (_, there) => {
  const { live, job, api } = cluster()
  api.objects.clear()
  if (there) api.put(TRACE_JOBS, there)
  expect(await live.observeAfresh(job)).toBeUndefined()
  expect(live.traceJob(KEY)).toBeUndefined()
})
