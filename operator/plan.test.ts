import { describe, expect, test } from 'vitest'
import type { Action } from './action.ts'
import {
  aDaemonSet,
  aJob,
  aNode,
  aReport,
  at,
  atText,
  failing,
  finished,
  inLine,
  NOON,
  pods,
  reports,
  SETTINGS,
  seeing,
  tracing,
} from './fixtures.ts'
import { plan } from './plan.ts'
import { aPod, waitingFor } from './pod.fake.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import { statusOf } from './status.ts'

const planned = (job: LiveTraceJob, seen: Seen, now = NOON) => plan(job, seen, SETTINGS, now).map(summary)

/** `adjustReport who.a durationSeconds=0` */
function summary(action: Action): string {
  switch (action.do) {
    case 'createReport':
      return `createReport ${action.report.metadata.name}`
    case 'adjustReport':
      return `adjustReport ${action.name} ${JSON.stringify(action.spec).replace(/[{}"]/g, '')}`
    case 'deleteReport':
      return `deleteReport ${action.name}`
    default:
      return action.do
  }
}

/** The job as it is once its end has been written, a hundred seconds after noon. */
function ended(job: LiveTraceJob): LiveTraceJob {
  return { ...job, status: statusOf(job, twoFinished, [], SETTINGS, at(100)) }
}

const twoFinished = seeing(aDaemonSet(2), finished('a'), finished('b'))
const oneNotThere = seeing(aDaemonSet(2), finished('a'), aNode('b', {}, waitingFor('ImagePullBackOff')))

describe('while it traces', () => {
  test.each<[string, LiveTraceJob, Seen, string[]]>([
    ['creates the DaemonSet of a TraceJob that has its turn', aJob(), seeing(), ['createDaemonSet']],
    ['creates nothing for one that waits', aJob(), seeing(inLine(1)), []],
    [
      'goes on with one that has a DaemonSet, wherever it stands in line',
      aJob(),
      seeing(aDaemonSet(1), pods(aPod('a')), inLine(3)),
      ['createReport who.a'],
    ],
    ['waits for the DaemonSet controller', aJob(), seeing(aDaemonSet(undefined)), []],
    [
      'creates a report for each node that has an agent',
      aJob(),
      seeing(aDaemonSet(2), pods(aPod('a'), aPod('b'))),
      ['createReport who.a', 'createReport who.b'],
    ],
    [
      'also where the agent finds no place on its node yet',
      aJob(),
      seeing(aDaemonSet(1), pods(aPod('a', { phase: 'Pending' }))),
      ['createReport who.a'],
    ],
    [
      'creates none for an agent that is on its way out',
      aJob(),
      seeing(aDaemonSet(1), pods(aPod('a', undefined, { deletionTimestamp: atText(0) }))),
      [],
    ],
    ['leaves alone what is as it should be', aJob(), seeing(aDaemonSet(2), tracing('a'), finished('b')), []],
    [
      'creates a DaemonSet that is gone in mid-trace again',
      aJob(),
      seeing(tracing('a')),
      ['createDaemonSet'],
    ],
    [
      'creates a report that is gone again',
      aJob(),
      seeing(aDaemonSet(2), pods(aPod('a')), tracing('b')),
      ['createReport who.a'],
    ],
    [
      'leaves a node alone that has finished and lost its agent',
      aJob(),
      seeing(
        aDaemonSet(2),
        reports(aReport('a', { state: 'Completed', startTime: atText(5) })),
        tracing('b'),
      ),
      [],
    ],
    [
      'clears away the report of another TraceJob of that name',
      aJob(),
      seeing(aDaemonSet(1), pods(aPod('a')), reports(aReport('a', {}, { ownerUid: 'old' }))),
      ['deleteReport who.a'],
    ],
    [
      'leaves such a report where no agent needs its place',
      aJob(),
      seeing(aDaemonSet(0), reports(aReport('a', {}, { ownerUid: 'old' }))),
      [],
    ],
    ['leaves the end to the status', aJob(), twoFinished, []],
    [
      "does nothing for a program of the user's own",
      aJob({
        program: { source: { inline: 'int f;', attach: [{ kprobe: 'f', function: 'f' }], output: 'Perf' } },
      }),
      seeing(),
      [],
    ],
    [
      'does nothing for a spec that it does not understand',
      aJob({}, { spec: { filter: { newKind: [] } } as never }),
      seeing(),
      [],
    ],
  ])('%s', (_, job, seen, wanted) => {
    expect(planned(job, seen)).toEqual(wanted)
  })

  test('puts an edited DaemonSet right, and only the one it saw', () => {
    const seen = seeing(aDaemonSet(1), tracing('a'))
    const edited = {
      ...seen.daemonSet!,
      spec: { ...seen.daemonSet!.spec, updateStrategy: { type: 'RollingUpdate' } },
    }
    const [heal] = plan(aJob(), { ...seen, daemonSet: edited }, SETTINGS, NOON)
    expect(heal).toMatchObject({
      do: 'healDaemonSet',
      because: 'somebody or another release changed spec.updateStrategy.type',
      daemonSet: { metadata: { uid: 'daemonset-1' }, spec: { updateStrategy: { type: 'OnDelete' } } },
    })
  })

  test('waits for a DaemonSet that is on its way out, and then creates another', () => {
    const seen = seeing(aDaemonSet(1), tracing('a'))
    const metadata = { ...seen.daemonSet!.metadata, deletionTimestamp: atText(1) }
    expect(planned(aJob(), { ...seen, daemonSet: { ...seen.daemonSet!, metadata, spec: {} } })).toEqual([])
    expect(planned(aJob(), { ...seen, daemonSet: undefined })).toEqual(['createDaemonSet'])
  })
})

describe('after the end', () => {
  test.each<[string, LiveTraceJob, Seen, number, string[]]>([
    ['leaves the agents for their logs', aJob(), twoFinished, 399, []],
    ['deletes the DaemonSet then', aJob(), twoFinished, 400, ['deleteDaemonSet']],
    ['creates nothing again', aJob(), seeing(), 110, []],
    [
      'tells those to stop that were counted out',
      aJob(),
      oneNotThere,
      200,
      ['adjustReport who.b durationSeconds:0'],
    ],
    ['keeps the TraceJob without a ttl', aJob(), seeing(), 1e6, []],
    [
      'deletes the TraceJob at its time',
      aJob({ ttlSecondsAfterFinished: 600 }),
      seeing(),
      700,
      ['deleteJob'],
    ],
    [
      'deletes it before the agents if it asks for that',
      aJob({ ttlSecondsAfterFinished: 0 }),
      twoFinished,
      100,
      ['deleteJob'],
    ],
    [
      'keeps no logs where none are asked for',
      aJob({ logRetentionSeconds: 0 }),
      twoFinished,
      100,
      ['deleteDaemonSet'],
    ],
  ])('%s', (_, job, seen, seconds, wanted) => {
    expect(planned(ended(job), seen, at(seconds))).toEqual(wanted)
  })
})

test('a TraceJob that is being deleted, and held, loses its agents; nothing is created', () => {
  const job = aJob()
  const held = { ...job, metadata: { ...job.metadata, deletionTimestamp: atText(9) } }
  expect(planned(held, seeing(aDaemonSet(2), tracing('a'), pods(aPod('b'))))).toEqual(['deleteDaemonSet'])
  expect(planned(held, seeing())).toEqual([])
})

test('a node that fails is not told anything: it may yet come', () => {
  expect(planned(aJob(), seeing(aDaemonSet(2), tracing('a'), failing('b', 'AttachFailed')))).toEqual([])
})
