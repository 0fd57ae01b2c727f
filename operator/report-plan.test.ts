import { describe, expect, test } from 'vitest'
import {
  aDaemonSet,
  aJob,
  aReport,
  at,
  atText,
  finished,
  forEver,
  NOON,
  pods,
  reports,
  SETTINGS,
  seeing,
  tracing,
} from './fixtures.ts'
import { plan } from './plan.ts'
import { aPod } from './pod.fake.ts'
import type { LiveTraceJob, Seen } from './seen.ts'

/** `who.a durationSeconds:0` */
const adjusted = (job: LiveTraceJob, seen: Seen, now = NOON) =>
  plan(job, seen, SETTINGS, now).map(action =>
    action.do === 'adjustReport'
      ? `${action.name} ${JSON.stringify(action.spec).replace(/[{}"]/g, '')}`
      : action.do,
  )

describe('a new report', () => {
  const reportAt = (seconds: number, job = aJob(), seen = seeing(aDaemonSet(1), pods(aPod('a')))) => {
    const [action] = plan(job, seen, SETTINGS, at(seconds))
    return action?.do === 'createReport' ? action.report : undefined
  }

  test('is owned by its TraceJob, lies beside it, and can be found by its labels', () => {
    expect(reportAt(3)).toEqual({
      apiVersion: 'tracejob.dev/v1alpha1',
      kind: 'TraceReport',
      metadata: {
        name: 'who.a',
        namespace: 'shop',
        labels: {
          'tracejob.dev/job': 'who',
          'tracejob.dev/job-namespace': 'shop',
          'tracejob.dev/job-uid': aJob().metadata.uid,
        },
        ownerReferences: [
          {
            apiVersion: 'tracejob.dev/v1alpha1',
            kind: 'TraceJob',
            name: 'who',
            uid: aJob().metadata.uid,
            controller: true,
            blockOwnerDeletion: false,
          },
        ],
      },
      spec: { nodeName: 'a', durationSeconds: 60, reportIntervalSeconds: 2 },
    })
  })

  test.each([
    ['as long as it asks for', 3, 60],
    ['as long as it asks for, up to the start deadline', 120, 60],
    ['what is left, on a node that comes late', 150, 30],
    ['a whole number of seconds at least', 179, 1],
  ])('has %s', (_, seconds, duration) => {
    expect(reportAt(seconds)?.spec.durationSeconds).toBe(duration)
  })

  test('is not made when nothing is left', () => {
    expect(reportAt(180)).toBeUndefined()
  })

  test('has no end where the TraceJob has none', () => {
    const seen = seeing(aDaemonSet(1, forEver()), pods(aPod('a')))
    expect(reportAt(9999, forEver(), seen)?.spec).toEqual({ nodeName: 'a', reportIntervalSeconds: 2 })
  })

  test('reports the less often the more nodes there are, also those that have no agent yet', () => {
    expect(reportAt(3, aJob(), seeing(aDaemonSet(5000), pods(aPod('a'))))?.spec.reportIntervalSeconds).toBe(
      30,
    )
  })
})

describe('reports that are there', () => {
  test('are slowed down when there are more nodes, and never made faster again', () => {
    const slow = aReport('b', {}, { spec: { reportIntervalSeconds: 60 } })
    const seen = seeing(aDaemonSet(200), tracing('a'), pods(aPod('b')), reports(slow), finished('c'))
    expect(adjusted(aJob(), seen)).toEqual(['who.a reportIntervalSeconds:5'])
  })

  test('are told to stop when the time of the TraceJob is over, once', () => {
    const told = aReport('b', { state: 'Tracing', startTime: atText(5) }, { spec: { durationSeconds: 0 } })
    const seen = seeing(aDaemonSet(2), tracing('a'), pods(aPod('b')), reports(told))
    expect(adjusted(aJob(), seen, at(179))).toEqual([])
    expect(adjusted(aJob(), seen, at(180))).toEqual(['who.a durationSeconds:0'])
  })

  test('have no time that could be over where the TraceJob has none', () => {
    expect(adjusted(forEver(), seeing(aDaemonSet(1, forEver()), tracing('a')), at(1e6))).toEqual([])
  })
})
