import { expect, test } from 'vitest'
import type { TraceJobStatus } from '../crds/trace-job.ts'
import { FakeClock } from '../kube/clock.fake.ts'
import { StatusWriter } from './status-writer.ts'

const nodes = (desired: number, tracing: number) => ({ desired, tracing, completed: 0, failed: 0 })
const tracing = (changed: Partial<TraceJobStatus> = {}): TraceJobStatus => ({
  state: 'Tracing',
  nodes: nodes(3, 1),
  ...changed,
})

/** A writer whose writes arrive, and what arrived. */
function writer() {
  const clock = new FakeClock()
  const statuses = new StatusWriter(clock)
  const sent: string[] = []
  let stored: TraceJobStatus | undefined
  const write = (after: TraceJobStatus, before = stored) =>
    statuses.write({ uid: 'a', before, after }, async change => {
      stored = after
      sent.push(change)
      return stored
    })
  return { clock, statuses, sent, write }
}

test('the first status is written at once', async () => {
  const { write, sent } = writer()
  expect(await write(tracing())).toBeUndefined()
  expect(sent).toEqual(['state'])
})

test('what is there already is not written, whatever the order of its fields', async () => {
  const { write, sent } = writer()
  const before = { nodes: nodes(3, 1), state: 'Tracing' } as const
  expect(await write({ ...tracing(), completionTime: undefined } as TraceJobStatus, before)).toBeUndefined()
  expect(sent).toEqual([])
})

test('counters wait for two seconds, and then go with what they have become', async () => {
  const { write, sent, clock } = writer()
  await write(tracing())
  await clock.pass(500)
  expect(await write(tracing({ nodes: nodes(3, 2) }))).toBe(1500)
  await clock.pass(1500)
  expect(await write(tracing({ nodes: nodes(3, 3) }))).toBeUndefined()
  expect(sent).toEqual(['state', 'counters'])
})

test.each([
  [3, 2000],
  [500, 5000],
  [5000, 10_000],
])('on %i nodes the counters are written every %i ms', async (desired, milliseconds) => {
  const { write } = writer()
  await write(tracing({ nodes: nodes(desired, 0) }))
  expect(await write(tracing({ nodes: nodes(desired, 1) }))).toBe(milliseconds)
})

test.each<[string, Partial<TraceJobStatus>]>([
  ['the state', { state: 'Completed' }],
  ['a node that failed', { failures: [{ node: 'a', reason: 'NodeLost', message: 'gone' }] }],
  [
    'the reason of a condition',
    {
      conditions: [
        {
          type: 'Tracing',
          status: 'True',
          reason: 'X',
          message: '',
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
    },
  ],
])('%s waits for nothing', async (_, changed) => {
  const { write, sent } = writer()
  await write(tracing())
  expect(await write(tracing(changed))).toBeUndefined()
  expect(sent).toEqual(['state', 'state'])
})

test('a manager who writes something else again and again is answered no faster than counters', async () => {
  const { write, sent, clock } = writer()
  await write(tracing())
  for (let round = 0; round < 100; round++) {
    await write(tracing(), tracing({ state: 'Failed' }))
    await clock.pass(100)
  }
  expect(sent.length).toBeLessThanOrEqual(6)
})

test('what the API server will not keep is written once', async () => {
  const { statuses, sent } = writer()
  const stored = tracing()
  const write = (before?: TraceJobStatus) =>
    statuses.write({ uid: 'a', before, after: tracing({ observedGeneration: 1 }) }, async change => {
      sent.push(change)
      return stored
    })
  await write()
  expect(await write(stored)).toBeUndefined()
  expect(sent).toEqual(['state'])
})

test('nor is one who changes it so often that every write comes too late', async () => {
  const { write, statuses, clock } = writer()
  await write(tracing())
  let tries = 0
  const refuse = () => {
    tries++
    return Promise.reject(new Error('Conflict'))
  }
  for (let round = 0; round < 100; round++) {
    const after = tracing({ nodes: nodes(3, round) })
    await statuses.write({ uid: 'a', before: tracing({ state: 'Failed' }), after }, refuse).catch(() => {})
    await clock.pass(100)
  }
  expect(tries).toBeLessThanOrEqual(6)
})

test('a write that fails is passed on, and keeps no later one waiting', async () => {
  const { write, statuses, sent } = writer()
  const refused = statuses.write({ uid: 'a', before: undefined, after: tracing() }, () =>
    Promise.reject(new Error('no')),
  )
  await expect(refused).rejects.toThrow('no')
  expect(await write(tracing())).toBeUndefined()
  expect(sent).toEqual(['state'])
})

test('a job that is gone is forgotten', async () => {
  const { write, statuses } = writer()
  await write(tracing())
  statuses.forget('a')
  expect(await write(tracing({ nodes: nodes(3, 2) }))).toBeUndefined()
})
