import { expect, test } from 'vitest'
import type { TraceJobStatus } from '../crds/trace-job.ts'
import {
  aDaemonSet,
  aJob,
  at,
  failing,
  finished,
  inLine,
  losing,
  SETTINGS,
  seeing,
  tracing,
} from './fixtures.ts'
import { recordsOf } from './records.ts'
import type { Seen } from './seen.ts'
import { statusOf } from './status.ts'

const status = (seconds: number, seen: Seen, before?: TraceJobStatus) =>
  statusOf(aJob({}, before ? { status: before } : {}), seen, [], SETTINGS, at(seconds))
/** `Normal Started: Agents …` */
const told = (before: TraceJobStatus | undefined, after: TraceJobStatus) =>
  recordsOf(before, after, []).map(({ type, reason, note }) => `${type} ${reason}: ${note}`)

const waiting = status(0, seeing(inLine(2)))
const started = status(1, seeing(aDaemonSet(2)))
const begun = status(9, seeing(aDaemonSet(2), tracing('a')), started)
const oneFailed = status(
  10,
  seeing(aDaemonSet(2), tracing('a'), failing('b', 'BtfMissing', 'No BTF.')),
  begun,
)
const completed = status(
  70,
  seeing(aDaemonSet(2), finished('a'), failing('b', 'BtfMissing', 'No BTF.')),
  oneFailed,
)
const failed = status(120, seeing(aDaemonSet(0)), started)

test.each<[string, TraceJobStatus | undefined, TraceJobStatus, string[]]>([
  [
    'it waits',
    undefined,
    waiting,
    ['Normal Waiting: It waits for its turn: 10 TraceJobs may trace at once, and 1 more wait before it.'],
  ],
  ['it still waits', waiting, status(5, seeing(inLine(1)), waiting), []],
  ['it starts', undefined, started, ['Normal Started: Agents are started on every node that matches.']],
  [
    'it starts after it has waited',
    waiting,
    started,
    ['Normal Started: Agents are started on every node that matches.'],
  ],
  [
    'the first node traces',
    started,
    begun,
    ['Normal Tracing: The first node is tracing. 2 nodes: 1 tracing, 1 to start.'],
  ],
  ['another node traces', begun, status(10, seeing(aDaemonSet(2), tracing('a'), tracing('b')), begun), []],
  ['all nodes are interrupted and trace again', status(10, seeing(aDaemonSet(2)), begun), begun, []],
  ['a node fails', begun, oneFailed, ['Warning NodeFailed: b: BtfMissing. No BTF.']],
  [
    'it is complete',
    oneFailed,
    completed,
    [
      'Normal Completed: 1 of 2 nodes finished in order; b: No BTF. Nothing was lost where and while it was traced. 1 node was not traced, or not to the end.',
    ],
  ],
  [
    'it fails',
    started,
    failed,
    [
      'Warning Failed: No node matched spec.nodeSelector, spec.affinity and spec.tolerations when spec.startDeadlineSeconds were over.',
    ],
  ],
  [
    'it fails at the first visit',
    undefined,
    failed,
    [
      'Warning Failed: No node matched spec.nodeSelector, spec.affinity and spec.tolerations when spec.startDeadlineSeconds were over.',
    ],
  ],
])('it is told that %s', (_, before, after, wanted) => {
  expect(told(before, after)).toEqual(wanted)
})

test('nothing is told twice', () => {
  for (const each of [waiting, started, begun, oneFailed, completed, failed])
    expect(told(each, each)).toEqual([])
})

test('counts alone are nothing to tell of', () => {
  const seen = seeing(aDaemonSet(2), tracing('a', { ledger: losing({ ringFull: 5 }) }))
  expect(told(begun, status(20, seen, begun))).toEqual([])
})

test('of nodes that fail, ten are told of at most', () => {
  const names = Array.from({ length: 40 }, (_, i) => `n${40 - i}`)
  let before: TraceJobStatus | undefined = started
  const all = names.flatMap((_, i) => {
    const seen = seeing(
      aDaemonSet(50),
      tracing('a'),
      ...names.slice(0, i + 1).map(name => failing(name, 'BtfMissing')),
    )
    const after = status(10 + i, seen, before)
    const records = told(before, after).filter(each => each.includes('NodeFailed'))
    before = after
    return records
  })
  expect(all).toHaveLength(10)
})

test('a DaemonSet that was put right is told of', () => {
  const { daemonSet } = seeing(aDaemonSet(1))
  const done = [{ do: 'healDaemonSet', daemonSet: daemonSet!, because: 'it differed in spec.x' } as const]
  expect(recordsOf(begun, begun, done)).toEqual([
    {
      do: 'record',
      type: 'Warning',
      reason: 'Healed',
      action: 'Heal',
      note: `DaemonSet ${daemonSet!.metadata.name} was put right: it differed in spec.x.`,
    },
  ])
})

test('a note is as long as the API server lets it be', () => {
  const seen = seeing(aDaemonSet(2), tracing('a'), failing('b', 'Internal', 'x'.repeat(5000)))
  for (const { note } of recordsOf(begun, status(10, seen, begun), []))
    expect(note.length).toBeLessThanOrEqual(1024)
})
