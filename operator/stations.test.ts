import { describe, expect, test } from 'vitest'
import { escaped } from '../crds/escape.ts'
import type { TraceJobStatus } from '../crds/trace-job.ts'
import { traceJobStatusSchema } from '../crds/trace-job-status.ts'
import {
  aDaemonSet,
  aJob,
  aLedger,
  aReport,
  at,
  atText,
  failing,
  finished,
  inLine,
  pods,
  reports,
  SETTINGS,
  seeing,
  tracing,
} from './fixtures.ts'
import { aPod } from './pod.fake.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import { statusOf } from './status.ts'

const statusAt = (seconds: number, job: LiveTraceJob, seen: Seen) =>
  statusOf(job, seen, [], SETTINGS, at(seconds))

describe('the rest of the status', () => {
  test('counts nodes, sums up what they counted, and names those that failed', () => {
    const seen = seeing(
      aDaemonSet(4),
      finished('b'),
      finished('a'),
      failing('c', 'BtfMissing', 'No BTF.'),
      pods(aPod('d')),
    )
    expect(statusAt(70, aJob(), seen)).toMatchObject({
      observedGeneration: 1,
      startTime: atText(5),
      nodes: { desired: 4, tracing: 0, completed: 2, failed: 1, summary: '2/4' },
      events: aLedger({ observed: 20, received: 20, logged: 20 }),
      failures: [{ node: 'c', reason: 'BtfMissing', message: 'No BTF.' }],
    })
  })

  test('counts nodes that nobody can name yet, and counts them out only at the end', () => {
    expect(statusAt(10, aJob(), seeing(aDaemonSet(3), tracing('a'))).nodes).toEqual({
      desired: 3,
      tracing: 1,
      completed: 0,
      failed: 0,
      summary: '1/3',
    })
    expect(statusAt(130, aJob(), seeing(aDaemonSet(3), finished('a'))).nodes).toEqual({
      desired: 3,
      tracing: 0,
      completed: 1,
      failed: 2,
      summary: '1/3',
    })
  })

  test.each([
    ['is when the first node attached', atText(5), 9, atText(5)],
    ['is not before its turn, however slow the clock of the node', atText(-600), 9, atText(0)],
    ['is not in the future, however fast the clock of the node', atText(600), 9, atText(9)],
  ])('startTime %s', (_, startTime, seconds, wanted) => {
    expect(statusAt(seconds, aJob(), seeing(aDaemonSet(1), tracing('a', { startTime }))).startTime).toBe(
      wanted,
    )
  })

  test('names at most ten failures, and always the same', () => {
    const names = Array.from({ length: 30 }, (_, i) => `n${(i * 7) % 30}`)
    const seen = seeing(aDaemonSet(30), ...names.map(name => failing(name, 'BtfMissing')))
    const { failures } = statusAt(70, aJob(), seen)
    expect(failures?.map(({ node }) => node)).toEqual([...names].sort().slice(0, 10))
  })
})

describe('a status that goes on from another', () => {
  const earlier = (job: LiveTraceJob, seconds: number, seen: Seen) => ({
    ...job,
    status: statusAt(seconds, job, seen),
  })

  test('keeps the time of a condition whose status is as it was, whatever its reason', () => {
    const waited = earlier(aJob(), 0, seeing(inLine(1)))
    const times = (status: TraceJobStatus) => status.conditions?.map(each => each.lastTransitionTime)
    expect(times(statusAt(30, waited, seeing(aDaemonSet(1), pods(aPod('a')))))).toEqual(
      Array(5).fill(atText(0)),
    )
    expect(times(statusAt(30, waited, seeing(aDaemonSet(1), tracing('a'))))).toEqual([
      atText(0),
      atText(30),
      atText(0),
      atText(0),
      atText(0),
    ])
  })

  test('keeps its startTime, though the report that told of it is gone', () => {
    const begun = earlier(aJob(), 9, seeing(aDaemonSet(1), tracing('a')))
    expect(statusAt(20, begun, seeing(aDaemonSet(1), pods(aPod('a')))).startTime).toBe(atText(5))
  })

  test('is the same once the end is written, whatever is seen then', () => {
    const done = earlier(aJob(), 70, seeing(aDaemonSet(1), finished('a')))
    for (const seen of [seeing(), seeing(aDaemonSet(3), tracing('b')), seeing(inLine(4))])
      expect(statusAt(999, done, seen)).toBe(done.status)
  })

  test('is the same when the TraceJob is being deleted', () => {
    const begun = earlier(aJob(), 9, seeing(aDaemonSet(1), tracing('a')))
    const held = { ...begun, metadata: { ...begun.metadata, deletionTimestamp: atText(10) } }
    expect(statusAt(11, held, seeing())).toBe(begun.status)
  })

  test('believes an end whatever else somebody wrote into it', () => {
    const odd = { conditions: [null, { type: 'Complete', status: 'True' }], nodes: 'all' } as never
    expect(statusAt(9, aJob({}, { status: odd }), seeing(aDaemonSet(1), tracing('a')))).toBe(odd)
  })

  test('ends also when everything was taken away that could tell of it', () => {
    const begun = earlier(aJob(), 9, seeing(aDaemonSet(1), tracing('a')))
    const status = statusAt(999, begun, seeing())
    expect(status.conditions?.[3]).toMatchObject({ status: 'True', reason: 'AgentsNotCreated' })
    expect(status.conditions?.[3].message).toMatch(/^Its DaemonSet was gone/)
  })

  test('is written anew where nobody can read it', () => {
    const odd = { conditions: 'none', startTime: 'today' } as never
    const status = statusAt(9, aJob({}, { status: odd }), seeing(aDaemonSet(1), tracing('a')))
    expect(traceJobStatusSchema.parse(status)).toEqual(status)
  })
})

test('hostile texts of reports are made visible', () => {
  const seen = seeing(
    aDaemonSet(2),
    finished('a', {
      top: {
        files: [{ path: '/tmp/\x1b[2J\u202e', count: 1 }],
        processes: [{ comm: '\n', pid: 1, count: 1 }],
      },
    }),
    failing('b', 'Internal', 'gone\r\nroot# '),
  )
  const status = statusAt(70, aJob(), seen)
  expect(status.top?.files?.[0].path).toBe('/tmp/\\x1b[2J\\u202e')
  JSON.stringify(status, (_, value) => {
    if (typeof value === 'string') expect(value).toBe(escaped(value))
    return value
  })
})

test('a report of another TraceJob of that name counts for nothing', () => {
  const seen = seeing(
    aDaemonSet(1),
    pods(aPod('a')),
    reports(aReport('a', { state: 'Completed', ledger: aLedger() }, { ownerUid: 'old' })),
  )
  expect(statusAt(9, aJob(), seen)).toMatchObject({ state: 'Pending', nodes: { desired: 1, completed: 0 } })
  expect(statusAt(9, aJob(), seen).events).toBeUndefined()
})
