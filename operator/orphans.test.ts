import { pino } from 'pino'
import { expect, test } from 'vitest'
import { LABELS } from '../crds/labels.ts'
import { TRACE_JOBS } from '../crds/resources.ts'
import { FakeClock } from '../kube/clock.fake.ts'
import { DAEMON_SETS } from '../kube/resource.ts'
import { FakeApi, refused } from './api.fake.ts'
import { FakeCaches } from './cache.fake.ts'
import { DaemonSetWrites } from './daemon-set-writes.ts'
import { Orphans } from './orphans.ts'
import { OwnWrites } from './own-writes.ts'
import type { DaemonSet, LiveTraceJob } from './seen.ts'

const aJob = (uid: string) =>
  ({ metadata: { namespace: 'shop', name: 'who', uid }, spec: {} }) as LiveTraceJob
const aDaemonSet = (uid: string): DaemonSet => ({
  metadata: {
    namespace: 'system',
    name: `who-${uid}`,
    uid: `ds-of-${uid}`,
    labels: { [LABELS.job]: 'who', [LABELS.jobNamespace]: 'shop', [LABELS.jobUid]: uid },
  },
  spec: {},
})

function sweeping() {
  const api = new FakeApi()
  const caches = new FakeCaches()
  const clock = new FakeClock()
  const daemonSets = new DaemonSetWrites({
    ...{ client: api, namespace: 'system', instance: { label: 'i', value: 'v' }, clock },
    own: new OwnWrites(clock),
    healed() {},
  })
  const orphans = new Orphans({
    ...{ client: api, caches, namespace: 'system', daemonSets, log: pino({ level: 'silent' }) },
    deleted() {},
  })
  /** On the API server and in the cache. */
  const there = (daemonSet: DaemonSet) => caches.daemonSets.put(api.put(DAEMON_SETS, daemonSet))
  return { api, caches, orphans, there }
}

test('a DaemonSet whose TraceJob is gone is deleted, by its uid', async () => {
  const { api, orphans, there } = sweeping()
  there(aDaemonSet('1'))
  expect(await orphans.sweep('who-1')).toEqual({ failed: false })
  expect(api.writes).toEqual(['remove daemonsets/who-1'])
  expect(api.objects.size).toBe(0)
})

test('so is one whose TraceJob came again under the same name', async () => {
  const { api, orphans, there } = sweeping()
  there(aDaemonSet('1'))
  api.put(TRACE_JOBS, aJob('2'))
  await orphans.sweep('who-1')
  expect(api.writes).toEqual(['remove daemonsets/who-1'])
})

test('one whose TraceJob is known is left alone, and nobody is asked', async () => {
  const { api, caches, orphans, there } = sweeping()
  there(aDaemonSet('1'))
  caches.jobs.put(aJob('1'))
  api.get = () => Promise.reject(new Error('asked'))
  expect(await orphans.sweep('who-1')).toEqual({ failed: false })
  expect(api.writes).toEqual([])
})

test('one whose TraceJob the cache does not have yet is left alone, and looked at again', async () => {
  const { api, orphans, there } = sweeping()
  there(aDaemonSet('1'))
  api.put(TRACE_JOBS, aJob('1'))
  expect(await orphans.sweep('who-1')).toEqual({ failed: false, againInMs: 60_000 })
  expect(api.writes).toEqual([])
})

test.each([403, 500, 503])('an API server that says %i has not said that it is gone', async status => {
  const { api, orphans, there } = sweeping()
  there(aDaemonSet('1'))
  api.get = () => Promise.reject(refused(status, 'Whatever'))
  await expect(orphans.sweep('who-1')).rejects.toThrow(String(status))
  expect(api.writes).toEqual([])
})

test('one that does not say whose it is is left alone', async () => {
  const { api, orphans, there } = sweeping()
  const { metadata, spec } = aDaemonSet('1')
  there({ metadata: { ...metadata, labels: { [LABELS.jobUid]: '1' } }, spec })
  await orphans.sweep('who-1')
  expect(api.writes).toEqual([])
})

test('is woken for those there are, those that come, and those of a TraceJob that goes', () => {
  const { caches, orphans, there } = sweeping()
  there(aDaemonSet('1'))
  caches.jobs.put(aJob('1'))
  expect([...orphans.keys()]).toEqual(['who-1'])
  const woken: string[] = []
  using _ = orphans.on(key => woken.push(key))
  there(aDaemonSet('2'))
  there(aDaemonSet('2'))
  caches.jobs.delete(aJob('1'))
  expect(woken).toEqual(['who-2', 'who-1'])
})
