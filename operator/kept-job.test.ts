import { expect, test } from 'vitest'
import { keptJob } from './kept-job.ts'
import type { LiveTraceJob } from './seen.ts'

const COMPLETE = {
  type: 'Complete',
  status: 'True',
  reason: 'AllNodesFinished',
  message: 'Done.',
  lastTransitionTime: '2026-11-23T12:00:00Z',
}
const kept = (job: object) =>
  keptJob({ metadata: { name: 'a', namespace: 'b', uid: 'c' }, ...job } as LiveTraceJob)

test('what nobody reads is left out, and the spec stays as it came', () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{…}' }
  const metadata = { name: 'a', namespace: 'b', uid: 'c', resourceVersion: '7', annotations }
  const spec = { fromTheFuture: true }
  expect(kept({ metadata, spec })).toEqual({
    metadata: { name: 'a', namespace: 'b', uid: 'c', resourceVersion: '7' },
    spec,
  })
})

test('a status of ours is kept as it is', () => {
  const status = {
    conditions: [COMPLETE],
    observedGeneration: 1,
    state: 'Completed',
    nodes: { desired: 1, tracing: 0, completed: 1, failed: 0, summary: '1/1' },
  }
  expect(kept({ status }).status).toEqual(status)
})

test.each<[string, unknown, object]>([
  ['a field that is none of ours', { state: 'Failed', mood: 'bad' }, { state: 'Failed' }],
  ['a state that nobody knows', { state: 'Sleeping', observedGeneration: 1 }, { observedGeneration: 1 }],
  ['a list that is none', { failures: 'all of them', conditions: 'fine' }, {}],
  ['a list of who knows what', { failures: [{ n: 1 }], state: 'Tracing' }, { state: 'Tracing' }],
  ['no object at all', 'Tracing', {}],
  ['nothing', null, {}],
])('of the status, what can not be understood is as if it were not there: %s', (_, status, wanted) => {
  expect(kept({ status }).status).toEqual(wanted)
})

test('an end by another schema is an end', () => {
  const status = { conditions: [{ ...COMPLETE, confidence: 1 }, 'odd', { type: 'Odd' }] }
  expect(kept({ status }).status?.conditions).toEqual([COMPLETE])
})
