import { describe, expect, test } from 'vitest'
import { traceJobStatusSchema } from '../crds/trace-job-status.ts'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import { aReport, aTraceJob, losing, NOON } from './fixtures.ts'
import { finishedStatus } from './status.ts'

const FAILURE = { reason: 'VerifierRejected', message: 'the verifier refused the program' } as const

function statusOf(report: TraceReportStatus) {
  return finishedStatus(aTraceJob(), report, 'worker-1', NOON)
}

function conditions(report: TraceReportStatus) {
  return statusOf(report).conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`)
}

describe('the conditions', () => {
  test.each<[string, TraceReportStatus, string[]]>([
    [
      'of a trace that went well',
      aReport(),
      [
        'Accepted=True Valid',
        'Tracing=False Finished',
        'Complete=True AllNodesFinished',
        'Failed=False NoNodeFailed',
        'Lossless=True NothingLost',
      ],
    ],
    [
      'of one that lost events: complete all the same',
      aReport({ ledger: losing({ ringFull: 1 }) }),
      [
        'Accepted=True Valid',
        'Tracing=False Finished',
        'Complete=True AllNodesFinished',
        'Failed=False NoNodeFailed',
        'Lossless=False EventsLost',
      ],
    ],
    [
      'of one that was never attached',
      { state: 'Failed', failure: FAILURE },
      [
        'Accepted=True Valid',
        'Tracing=False NeverAttached',
        'Complete=False VerifierRejected',
        'Failed=True VerifierRejected',
        'Lossless=Unknown NothingCounted',
      ],
    ],
    [
      'of one that failed on the way',
      aReport({ state: 'Failed', failure: { reason: 'Internal', message: 'oh' } }),
      [
        'Accepted=True Valid',
        'Tracing=False Finished',
        'Complete=False Internal',
        'Failed=True Internal',
        'Lossless=True NothingLost',
      ],
    ],
  ])('%s', (_, report, wanted) => {
    expect(conditions(report)).toEqual(wanted)
  })

  test('have changed at the start or at the end, in whole seconds', () => {
    const times = statusOf(aReport()).conditions?.map(condition => condition.lastTransitionTime)
    expect(times).toEqual(['2026-11-23T11:59:50Z', ...Array(4).fill('2026-11-23T12:00:00Z')])
  })

  test('say how long it ran, and are about the generation that was traced', () => {
    expect(statusOf(aReport()).conditions?.[2]).toMatchObject({
      message: 'The trace on worker-1 ended in order after 10.2 s.',
      observedGeneration: 3,
    })
  })
})

test('the rest of a good status is what the node reported', () => {
  const report = aReport()
  expect(statusOf(report)).toMatchObject({
    state: 'Completed',
    startTime: '2026-11-23T11:59:50Z',
    completionTime: '2026-11-23T12:00:00Z',
    observedGeneration: 3,
    nodes: { desired: 1, tracing: 0, completed: 1, failed: 0 },
    events: report.ledger,
    top: { files: [{ path: '/etc/passwd', count: 1200 }], processes: [{ comm: 'cat', node: 'worker-1' }] },
  })
})

test('a failed node is named with its reason, and dated now for want of a time', () => {
  const status = statusOf({ state: 'Failed', failure: { ...FAILURE, detail: 'R1 type=scalar' } })
  expect(status).toMatchObject({
    state: 'Failed',
    completionTime: '2026-11-23T12:00:00Z',
    nodes: { desired: 1, tracing: 0, completed: 0, failed: 1 },
    failures: [{ node: 'worker-1', ...FAILURE }],
  })
  expect(status.startTime).toBeUndefined()
})

test.each([
  ['good', aReport()],
  ['failed', { state: 'Failed', failure: FAILURE } as TraceReportStatus],
])('a %s status keeps to the schema', (_, report) => {
  expect(traceJobStatusSchema.parse(statusOf(report))).toEqual(statusOf(report))
})
