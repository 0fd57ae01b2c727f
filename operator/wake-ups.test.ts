import { expect, test } from 'vitest'
import { LABELS } from '../crds/labels.ts'
import { FakeCaches } from './cache.fake.ts'
import type { AgentPod, DaemonSet, LiveTraceJob, LiveTraceReport } from './seen.ts'
import { WakeUps } from './wake-ups.ts'

const labels = { [LABELS.job]: 'who', [LABELS.jobNamespace]: 'shop', [LABELS.jobUid]: '1' }
const ENDED = { conditions: [{ type: 'Complete', status: 'True' }] }

function aJob(name: string, status: object = {}): LiveTraceJob {
  return { metadata: { namespace: 'shop', name, uid: name }, spec: {}, status } as LiveTraceJob
}

function aReport(status: Partial<LiveTraceReport['status']>, resourceVersion = '1'): LiveTraceReport {
  const spec = { nodeName: 'a', reportIntervalSeconds: 2 }
  const metadata = { namespace: 'shop', name: 'who.a', resourceVersion, labels }
  return { metadata, spec, status: { state: 'Pending', ...status } }
}

/** What is woken by a change, as `shop/who after 100`. */
function woken(
  change: (caches: FakeCaches) => void,
  before: (caches: FakeCaches) => void = () => {},
): string[] {
  const caches = new FakeCaches()
  before(caches)
  const calls: string[] = []
  using _ = new WakeUps(caches).on((key, afterMs) => calls.push(`${key} after ${afterMs}`))
  change(caches)
  return calls
}

const aTop = (count: number) => ({ files: [{ path: '/a', count }] })

test.each<[string, (caches: FakeCaches) => void, (caches: FakeCaches) => void, string[]]>([
  ['a TraceJob at once', caches => caches.jobs.put(aJob('who')), () => {}, ['shop/who after 0']],
  [
    'a DaemonSet soon',
    caches =>
      caches.daemonSets.put({ metadata: { namespace: 'system', name: 'd', labels }, spec: {} } as DaemonSet),
    () => {},
    ['shop/who after 100'],
  ],
  [
    'a pod soon',
    caches => caches.pods.put({ metadata: { namespace: 'system', name: 'p', labels }, spec: {} } as AgentPod),
    () => {},
    ['shop/who after 100'],
  ],
  ['a new report soon', caches => caches.reports.put(aReport({})), () => {}, ['shop/who after 100']],
  [
    'the state of a report soon',
    caches => caches.reports.put(aReport({ state: 'Tracing' }, '2')),
    caches => caches.reports.put(aReport({})),
    ['shop/who after 100'],
  ],
  [
    'its counters later',
    caches => caches.reports.put(aReport({ top: aTop(2) }, '2')),
    caches => caches.reports.put(aReport({ top: aTop(1) })),
    ['shop/who after 1000'],
  ],
  [
    'a report that is gone soon',
    caches => caches.reports.delete(aReport({})),
    caches => caches.reports.put(aReport({})),
    ['shop/who after 100'],
  ],
  [
    'what has no label of ours: nobody',
    caches => caches.pods.put({ metadata: { namespace: 'system', name: 'p' }, spec: {} } as AgentPod),
    () => {},
    [],
  ],
])('a change wakes its TraceJob: %s', (_, change, before, wanted) => {
  expect(woken(change, before)).toEqual(wanted)
})

const inLine = (caches: FakeCaches) => {
  caches.jobs.put(aJob('first', { startTime: '2026-11-23T12:00:00Z' }))
  caches.jobs.put(aJob('over', ENDED))
  caches.jobs.put(aJob('next'))
}

test('the end of one wakes those that wait for their turn', () => {
  expect(woken(caches => caches.jobs.put(aJob('first', ENDED)), inLine)).toEqual([
    'shop/first after 0',
    'shop/next after 100',
  ])
})

test('so does its deletion', () => {
  expect(woken(caches => caches.jobs.delete(aJob('first')), inLine)).toEqual([
    'shop/first after 0',
    'shop/next after 100',
  ])
})

test('a change of one that has ended already does not', () => {
  expect(woken(caches => caches.jobs.put(aJob('over', ENDED)), inLine)).toEqual(['shop/over after 0'])
})

test('every TraceJob there is has a key', () => {
  const caches = new FakeCaches()
  inLine(caches)
  expect([...new WakeUps(caches).keys()]).toEqual(['shop/first', 'shop/over', 'shop/next'])
})
