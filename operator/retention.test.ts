import { expect, test } from 'vitest'
import type { TraceJobSpec } from '../crds/trace-job.ts'
import { aJob, at, atText } from './fixtures.ts'
import { retentionOf } from './retention.ts'

const ended = (spec: unknown, status: object = { completionTime: atText(100) }) =>
  retentionOf(aJob({}, { spec: spec as TraceJobSpec, status: status as never }))

test.each<[string, unknown, ReturnType<typeof retentionOf>]>([
  [
    'as it asks',
    { logRetentionSeconds: 60, ttlSecondsAfterFinished: 0 },
    { agentsUntil: at(160), jobUntil: at(100) },
  ],
  ['by default', {}, { agentsUntil: at(400) }],
  [
    'by default, if its spec says nothing that could be understood',
    { logRetentionSeconds: '1h', ttlSecondsAfterFinished: -1 },
    { agentsUntil: at(400) },
  ],
  [
    'by default, if it says what no calendar holds',
    { ttlSecondsAfterFinished: 1e300 },
    { agentsUntil: at(400) },
  ],
  ['by default, without a spec', null, { agentsUntil: at(400) }],
])('what has ended stays %s', (_, spec, wanted) => {
  expect(ended(spec)).toEqual(wanted)
})

test('it counts from the condition, if the time of its end can not be read', () => {
  const conditions = [{ type: 'Failed', status: 'True', lastTransitionTime: atText(50) }]
  expect(ended({}, { completionTime: 'noon', conditions }).agentsUntil).toEqual(at(350))
  expect(ended({}, { conditions: [{ type: 'Failed', status: 'True' }] }).agentsUntil.getTime()).toBe(300_000)
})
