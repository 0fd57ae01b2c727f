import { expect, test } from 'vitest'
import { LABELS } from '../crds/labels.ts'
import { FakeClock } from '../kube/clock.fake.ts'
import { DAEMON_SETS } from '../kube/resource.ts'
import { FakeApi, refused } from './api.fake.ts'
import { DaemonSetWrites } from './daemon-set-writes.ts'
import { OwnWrites } from './own-writes.ts'
import type { DaemonSet, LiveTraceJob } from './seen.ts'

const INSTANCE = { label: 'app.kubernetes.io/instance', value: 'ours' }
const JOB = { metadata: { namespace: 'shop', name: 'who', uid: 'job-1' } } as LiveTraceJob
const labels = { [INSTANCE.label]: 'ours', [LABELS.jobUid]: 'job-1' }
const aDaemonSet = (changed: Partial<DaemonSet['metadata']> = {}): DaemonSet => ({
  metadata: { namespace: 'system', name: 'who-1', labels, ...changed },
  spec: { template: {} },
})

function writes() {
  const api = new FakeApi()
  const clock = new FakeClock()
  const own = new OwnWrites<DaemonSet>(clock)
  let healed = 0
  const daemonSets = new DaemonSetWrites({
    ...{ client: api, namespace: 'system', instance: INSTANCE, own, clock },
    healed: () => healed++,
  })
  return { api, clock, own, daemonSets, healed: () => healed }
}

test('what was created is seen before any cache has it', async () => {
  const { daemonSets, own } = writes()
  await daemonSets.create(JOB, aDaemonSet())
  expect(own.over('job-1', []).map(({ metadata }) => metadata.name)).toEqual(['who-1'])
})

test('one that is there already is taken as it is', async () => {
  const { api, daemonSets, own } = writes()
  api.put(DAEMON_SETS, aDaemonSet())
  await daemonSets.create(JOB, aDaemonSet())
  expect(api.writes).toEqual(['create daemonsets/who-1'])
  expect(own.over('job-1', [])).toHaveLength(1)
})

test('one whose labels somebody took away, so that no cache has it, gets them again', async () => {
  const { api, daemonSets, healed } = writes()
  api.put(DAEMON_SETS, aDaemonSet({ labels: {} }))
  await daemonSets.create(JOB, aDaemonSet())
  expect(api.writes).toEqual(['create daemonsets/who-1', 'apply daemonsets/who-1'])
  expect([...api.objects.values()][0].metadata.labels).toEqual(labels)
  expect(healed()).toBe(1)
})

test("another operator's is left alone", async () => {
  const { api, daemonSets } = writes()
  api.put(DAEMON_SETS, aDaemonSet({ labels: { ...labels, [INSTANCE.label]: 'theirs' } }))
  await expect(daemonSets.create(JOB, aDaemonSet())).rejects.toThrow(
    'DaemonSet who-1 belongs to another operator, the instance "theirs".',
  )
})

test('what is edited again and again is put right less and less often', async () => {
  const { api, clock, daemonSets, healed } = writes()
  const { uid } = api.put(DAEMON_SETS, aDaemonSet()).metadata
  const refusals = new Set<string>()
  for (let second = 0; second < 600; second++) {
    await daemonSets
      .heal(JOB, aDaemonSet({ uid: uid! }))
      .catch((error: Error) => refusals.add(`${error.name}: ${error.message}`))
    await clock.pass(1000)
  }
  expect(healed()).toBeLessThanOrEqual(5 + 10)
  expect([...refusals]).toEqual([
    'ActionRefused: Somebody changes DaemonSet who-1 again and again; it is put right once in 60 seconds.',
  ])
})

test.each([
  ['gone', 'other-uid', 0],
  ['there', undefined, 1],
])('of what is %s, only that very object is healed or deleted', async (_, uid, wanted) => {
  const { api, daemonSets, own } = writes()
  const stored = api.put(DAEMON_SETS, aDaemonSet())
  const target = uid ?? stored.metadata.uid!
  await daemonSets.heal(JOB, aDaemonSet({ uid: target }))
  expect(own.over('job-1', [])).toHaveLength(wanted)
  await daemonSets.remove({ name: 'who-1', uid: target })
  expect(api.objects.size).toBe(1 - wanted)
})

test('what the API server refuses is passed on', async () => {
  const { api, daemonSets } = writes()
  api.refuse = () => refused(403, 'Forbidden')
  await expect(daemonSets.create(JOB, aDaemonSet())).rejects.toThrow('403 Forbidden')
  await expect(daemonSets.remove({ name: 'who-1', uid: 'u' })).rejects.toThrow('403 Forbidden')
})
