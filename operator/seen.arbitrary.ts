/** For tests: whatever the operator could see of one TraceJob, likely or not. */
import fc from 'fast-check'
import { FAILURE_REASONS, type FailureReason } from '../crds/reasons.ts'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import { aDaemonSet, aJob, aLedger, aReport, atText, forEver, UID } from './fixtures.ts'
import { keptReport } from './kept-report.ts'
import { aPod, container, crashing, RUNNING, waitingFor } from './pod.fake.ts'
import type { AgentPod, LiveTraceJob, LiveTraceReport, PodStatus, Seen } from './seen.ts'

const NODES = ['a', 'b', 'c', 'd', 'e']

const text = fc.string({ unit: 'binary', maxLength: 40 })
const second = fc.integer({ min: -700, max: 700 })
const time = fc.option(second.map(atText), { nil: undefined })
const optional = { requiredKeys: [] }

export const aPodStatus: fc.Arbitrary<PodStatus | undefined> = fc.oneof(
  fc.constantFrom(
    undefined,
    {},
    RUNNING,
    { phase: 'Pending' },
    { phase: 'Failed', reason: 'Evicted' },
    waitingFor('ContainerCreating'),
    waitingFor('InvalidImageName'),
    container({ state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }),
    {
      ...RUNNING,
      conditions: [
        { type: 'ContainersReady', status: 'True' },
        { type: 'Ready', status: 'False' },
      ],
    },
    { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
  ),
  fc
    .tuple(fc.constantFrom('ErrImagePull', 'CreateContainerError'), text)
    .map(([why, what]) => waitingFor(why, what)),
  fc.tuple(fc.nat(9), text).map(([restarts, words]) => crashing(restarts, words)),
)

const top = fc.record(
  {
    files: fc.array(fc.record({ path: text, count: fc.nat() }), { maxLength: 10 }),
    processes: fc.array(fc.record({ comm: text, pid: fc.nat(), count: fc.nat() }), { maxLength: 10 }),
  },
  optional,
)

const failure = fc.record({
  reason: fc.constantFrom(...(Object.keys(FAILURE_REASONS) as FailureReason[])),
  message: text,
})

/** Also such as no agent would write. */
export const aReportStatus: fc.Arbitrary<TraceReportStatus> = fc
  .record(
    {
      state: fc.constantFrom('Pending', 'Tracing', 'Completed', 'Failed', 'Paused'),
      startTime: time,
      endTime: time,
      ledger: fc.constantFrom(aLedger(), aLedger({ observed: Number.MAX_SAFE_INTEGER }), {
        observed: 'many',
      }),
      top,
      interruptions: fc.record({ count: fc.nat(9), untracedSeconds: fc.nat(99) }),
      failure,
    },
    optional,
  )
  .map(status => keptReport({ metadata: { name: '' }, status }).status)

const aNodesPods = (node: string): fc.Arbitrary<AgentPod[]> =>
  fc.array(
    fc
      .record({ status: aPodStatus, made: second, goes: fc.boolean(), copy: fc.nat(3) })
      .map(({ status, made, goes, copy }) => {
        const metadata = { name: `who-${node}-${copy}`, creationTimestamp: atText(made) }
        return {
          ...aPod(node, RUNNING, { ...metadata, ...(goes && { deletionTimestamp: atText(made + 9) }) }),
          status,
        }
      }),
    { maxLength: 2 },
  )

const aNodesReport = (node: string): fc.Arbitrary<LiveTraceReport[]> =>
  fc
    .record({
      status: aReportStatus,
      seconds: fc.nat(300),
      ownerUid: fc.constantFrom(UID, UID, UID, 'old'),
      durationSeconds: fc.constantFrom(0, 30, 60),
      reportIntervalSeconds: fc.constantFrom(1, 2, 30),
    })
    .map(({ status, seconds, ownerUid, ...spec }) => [aReport(node, status, { seconds, ownerUid, spec })])

export const aLiveJob: fc.Arbitrary<LiveTraceJob> = fc
  .record({ isBounded: fc.boolean(), startDeadlineSeconds: fc.constantFrom(1, 30, 120), waits: fc.nat(2) })
  .map(({ isBounded, startDeadlineSeconds }) => {
    const job = aJob({ startDeadlineSeconds })
    return isBounded ? job : forEver(job)
  })

export const anySeen = (job: LiveTraceJob): fc.Arbitrary<Seen> =>
  fc
    .record({
      daemonSet: fc.option(
        fc.record({ desired: fc.option(fc.nat(7), { nil: undefined }), made: fc.nat(50) }),
      ),
      pods: fc.tuple(...NODES.map(node => fc.oneof(fc.constant([]), aNodesPods(node)))),
      reports: fc.tuple(...NODES.map(node => fc.oneof(fc.constant([]), aNodesReport(node)))),
      place: fc.constantFrom(0, 0, 0, 2),
    })
    .map(({ daemonSet, pods, reports, place }) => {
      const seen: Seen = { pods: pods.flat(), reports: reports.flat(), place }
      return daemonSet ? aDaemonSet(daemonSet.desired, job, daemonSet.made)(seen) : seen
    })

/** A TraceJob and what is seen of it. */
export const aSituation: fc.Arbitrary<{ job: LiveTraceJob; seen: Seen }> = aLiveJob.chain(job =>
  anySeen(job).map(seen => ({ job, seen })),
)
