import { expect, test } from 'vitest'
import {
  aDaemonSet,
  aJob,
  aNode,
  aReport,
  at,
  atText,
  failing,
  finished,
  forEver,
  inLine,
  pods,
  reports,
  SETTINGS,
  seeing,
  tracing,
} from './fixtures.ts'
import { nextLook } from './next-look.ts'
import { aPod } from './pod.fake.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import { statusOf } from './status.ts'

const done = seeing(aDaemonSet(1), finished('a'))
const ended = (job: LiveTraceJob): LiveTraceJob => ({
  ...job,
  status: statusOf(job, done, [], SETTINGS, at(70)),
})

test.each<[string, LiveTraceJob, Seen, number, number | undefined]>([
  ['never, while it waits', aJob(), seeing(inLine(1)), 0, undefined],
  ['when its agents must be there', aJob(), seeing(aDaemonSet(2)), 0, 120],
  [
    'when the next node must have started',
    aJob(),
    seeing(aDaemonSet(2), aNode('a'), reports(aReport('b', {}, { seconds: 30 }))),
    121,
    150,
  ],
  ['when its time is over', aJob(), seeing(aDaemonSet(1), tracing('a')), 120, 180],
  ['when nobody can be waited for any more', aJob(), seeing(aDaemonSet(1), tracing('a')), 180, 240],
  ['never after that', aJob(), seeing(aDaemonSet(1), tracing('a')), 240, undefined],
  [
    'never, without an end, once all nodes have started',
    forEver(),
    seeing(aDaemonSet(2), tracing('a'), failing('b', 'BtfMissing')),
    120,
    undefined,
  ],
  ['when its logs may go', ended(aJob()), done, 70, 370],
  ['when it may go itself', ended(aJob({ ttlSecondsAfterFinished: 500 })), seeing(), 370, 570],
  ['never, when all has gone that shall', ended(aJob()), seeing(), 370, undefined],
  ['never, if it can not be run', aJob({}, { spec: null as never }), seeing(), 0, undefined],
  [
    'never, if it is being deleted',
    { ...aJob(), metadata: { ...aJob().metadata, deletionTimestamp: atText(1) } },
    done,
    2,
    undefined,
  ],
  [
    'never for the reports of others',
    aJob(),
    seeing(pods(aPod('a')), reports(aReport('a', {}, { ownerUid: 'old' }))),
    0,
    undefined,
  ],
])('%s', (_, job, seen, now, wanted) => {
  expect(nextLook(job, seen, at(now))).toEqual(wanted === undefined ? undefined : at(wanted))
})
