import { describe, expect, test } from 'vitest'
import { hasEnded } from './ended.ts'
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
  pods,
  reports,
  SETTINGS,
  type Sight,
  seeing,
  tracing,
} from './fixtures.ts'
import { aPod, crashing, waitingFor } from './pod.fake.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import { statusOf } from './status.ts'

const isOverAt = (seconds: number, job: LiveTraceJob, seen: Seen) =>
  hasEnded({ ...job, status: statusOf(job, seen, [], SETTINGS, at(seconds)) })

/** Its node went away, with its pod. */
const lost = (node: string) => reports(aReport(node, { state: 'Tracing', startTime: atText(5) }))

describe('a TraceJob with a duration', () => {
  test.each<[string, number, Seen, boolean]>([
    ['is over when every node has finished', 70, seeing(aDaemonSet(2), finished('a'), finished('b')), true],
    ['is not over while a node traces', 70, seeing(aDaemonSet(2), finished('a'), tracing('b')), false],
    ['is not over while a node may still start', 70, seeing(aDaemonSet(2), finished('a'), aNode('b')), false],
    ['is over when that node has had its time', 121, seeing(aDaemonSet(2), finished('a'), aNode('b')), true],
    ['is not over while a node has no agent yet', 70, seeing(aDaemonSet(2), finished('a')), false],
    ['is over when there was time for one', 120, seeing(aDaemonSet(2), finished('a')), true],
    [
      'is not over before the DaemonSet controller has counted',
      70,
      seeing(aDaemonSet(undefined), finished('a')),
      false,
    ],
    ['is not over while its DaemonSet is gone', 130, seeing(finished('a'), lost('b')), false],
    ['is over with its last node gone', 70, seeing(aDaemonSet(1), finished('a'), lost('b')), true],
    [
      'is not over while a node that lost its pod may get another',
      70,
      seeing(aDaemonSet(2), finished('a'), lost('b')),
      false,
    ],
    ['is over when that has never come about', 240, seeing(aDaemonSet(2), finished('a'), lost('b')), true],
    ['is not over before a node can match', 119, seeing(aDaemonSet(0)), false],
    ['is over when none did', 120, seeing(aDaemonSet(0)), true],
    ['is over in the end, whatever nobody knows', 241, seeing(lost('a'), tracing('b')), true],
  ])('%s', (_, seconds, seen, wanted) => {
    expect(isOverAt(seconds, aJob(), seen)).toBe(wanted)
  })
})

describe('a TraceJob without one', () => {
  const sights = (...more: Sight[]) => seeing(aDaemonSet(2, forEver()), ...more)
  test.each<[string, number, Seen, boolean]>([
    ['goes on', 1e9, sights(tracing('a'), tracing('b')), false],
    [
      'goes on though no node is left: one may come again',
      1e9,
      sights(pods(aPod('x'), aPod('y')), lost('a'), lost('b')),
      false,
    ],
    [
      'goes on though every agent crashes',
      1e9,
      sights(tracing('a', {}, crashing(9)), tracing('b', {}, crashing(9))),
      false,
    ],
    [
      'is over if it can not begin anywhere',
      121,
      sights(failing('a', 'BtfMissing'), aNode('b', {}, waitingFor('ErrImagePull'))),
      true,
    ],
    ['is over if no node matches', 120, seeing(aDaemonSet(0, forEver())), true],
  ])('%s', (_, seconds, seen, wanted) => {
    expect(isOverAt(seconds, forEver(), seen)).toBe(wanted)
  })
})
