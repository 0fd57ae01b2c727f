import { describe, expect, test } from 'vitest'
import { traceJobStatusSchema } from '../crds/trace-job-status.ts'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import { aReport, aTraceJob, losing, NOON } from './fixtures.ts'
import { finishedStatus, losslessHere } from './one-node.ts'

const FAILURE = { reason: 'VerifierRejected', message: 'the verifier refused the program' } as const
const NEVER_ATTACHED: TraceReportStatus = { state: 'Failed', failure: FAILURE }

const statusOf = (report: TraceReportStatus) => finishedStatus(aTraceJob(), report, 'worker-1', NOON)
const conditions = (report: TraceReportStatus) =>
  statusOf(report).conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`)

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
      NEVER_ATTACHED,
      [
        'Accepted=True Valid',
        'Tracing=False NeverAttached',
        'Complete=False VerifierRejected',
        'Failed=True VerifierRejected',
        'Lossless=Unknown NothingCounted',
      ],
    ],
    [
      'of one that failed on the way: nobody knows what came after',
      aReport({ state: 'Failed', failure: { reason: 'Internal', message: 'oh' } }),
      [
        'Accepted=True Valid',
        'Tracing=False Finished',
        'Complete=False Internal',
        'Failed=True Internal',
        'Lossless=Unknown NodesNotTraced',
      ],
    ],
  ])('%s', (_, report, wanted) => {
    expect(conditions(report)).toEqual(wanted)
  })

  test('have changed at the start or at the end, in whole seconds', () => {
    const [began, ended] = ['2026-11-23T11:59:50Z', '2026-11-23T12:00:00Z']
    const times = statusOf(aReport()).conditions?.map(({ lastTransitionTime }) => lastTransitionTime)
    expect(times).toEqual([began, ended, ended, began, ended])
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
  expect(statusOf(report)).toEqual({
    conditions: expect.anything(),
    state: 'Completed',
    startTime: '2026-11-23T11:59:50Z',
    completionTime: '2026-11-23T12:00:00Z',
    observedGeneration: 3,
    nodes: { desired: 1, tracing: 0, completed: 1, failed: 0, summary: '1/1' },
    events: report.ledger,
    top: { ...report.top, processes: [{ comm: 'cat', pid: 4123, node: 'worker-1', count: 812 }] },
  })
})

test('a node that failed is named with its reason, and dated now for want of a time', () => {
  const status = statusOf({ ...NEVER_ATTACHED, failure: { ...FAILURE, detail: 'R1 type=scalar' } })
  expect(status).toMatchObject({
    state: 'Failed',
    completionTime: '2026-11-23T12:00:00Z',
    nodes: { desired: 1, tracing: 0, completed: 0, failed: 1 },
    failures: [{ node: 'worker-1', ...FAILURE }],
  })
  expect(status.startTime).toBeUndefined()
  expect(status.conditions?.[3].message).toBe('worker-1: the verifier refused the program')
})

test('a trace without a duration, which somebody stopped, is complete', () => {
  const { durationSeconds: _, ...spec } = aTraceJob().spec
  expect(finishedStatus({ ...aTraceJob(), spec }, aReport(), 'worker-1', NOON).state).toBe('Completed')
})

test.each([
  ['good', aReport()],
  ['failed', NEVER_ATTACHED],
])('a %s status keeps to the schema', (_, report) => {
  expect(traceJobStatusSchema.parse(statusOf(report))).toEqual(statusOf(report))
})

test('the verdict on losses is that of the status', () => {
  for (const report of [aReport(), aReport({ ledger: losing({ ringFull: 1 }) }), NEVER_ATTACHED]) {
    const { status, reason, message } = losslessHere(report)
    expect(statusOf(report).conditions?.[4]).toMatchObject({ status, reason, message })
  }
})
