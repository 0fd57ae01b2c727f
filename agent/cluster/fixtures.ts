/** Builders for the tests of this folder. */
import type { Ledger } from '../../crds/ledger.ts'
import type { TraceReportStatus } from '../../crds/report-status.ts'
import { type TraceJob, type TraceJobSpec, traceJobSchema } from '../../crds/trace-job.ts'
import type { OwnReport, ReportObject } from './own-report.ts'

export const JOB_UID = '7b0e2f1c-0000-4000-8000-000000000001'
export const REPORT_UID = '7b0e2f1c-0000-4000-8000-000000000002'
/** What the fake clock begins with. */
export const NOON = Date.UTC(2026, 0, 1, 12)

export function aTraceJob(spec: Partial<TraceJobSpec> = {}): TraceJob {
  return traceJobSchema.parse({
    apiVersion: 'tracejob.dev/v1alpha1',
    kind: 'TraceJob',
    metadata: { name: 'who-opens', namespace: 'audit', uid: JOB_UID },
    spec: { scope: 'Cluster', durationSeconds: 60, ...spec },
  })
}

/** A ledger that closes: of so many opens a tenth is filtered and nothing lost. */
export function aLedger(observed = 1000, changed: Partial<Ledger> = {}): Ledger {
  const filtered = Math.floor(observed / 10)
  const received = observed - filtered
  return {
    observed,
    filtered,
    lost: 0,
    received,
    logged: received,
    withheld: 0,
    lostBy: { ringFull: 0, skippedRuns: 0, missedReturns: 0, unmatched: 0, unattributed: 0 },
    uncertain: 0,
    skippedRunsKnown: true,
    ...changed,
  }
}

export const seconds = (after: number): string => new Date(NOON + after * 1000).toISOString()

/** What a node says in mid-trace that began at noon. */
export function aStatus(changed: Partial<TraceReportStatus> = {}): TraceReportStatus {
  return {
    state: 'Tracing',
    attachMode: 'Tracepoint',
    probes: ['tracepoint/sys_exit_openat'],
    kernel: { release: '6.18.0', machine: 'x86_64', preemption: 'none' },
    programHash: 'abc',
    coverage: { openat: { state: 'Traced' }, io_uring: { state: 'NotTraced', reason: 'no tracepoint' } },
    startTime: seconds(0),
    ledger: aLedger(),
    top: {
      files: [{ path: '/etc/passwd', count: 900 }],
      processes: [{ comm: 'cat', pid: 7, count: 900 }],
      approximate: false,
    },
    newest: [],
    selfTest: { start: { opened: 4, seen: 4 } },
    cost: { agentCpuSeconds: 1.5, agentMemoryBytes: 80_000_000 },
    ...changed,
  }
}

/** A TraceReport of the job as the API server has it. */
export function aReportObject(
  status: object = { state: 'Pending' },
  spec: object = { durationSeconds: 60 },
  metadata: Partial<ReportObject['metadata']> = {},
): ReportObject {
  return {
    apiVersion: 'tracejob.dev/v1alpha1',
    kind: 'TraceReport',
    metadata: {
      name: 'who-opens.node-1',
      namespace: 'audit',
      uid: REPORT_UID,
      resourceVersion: '7',
      creationTimestamp: seconds(-2),
      ownerReferences: [
        { apiVersion: 'tracejob.dev/v1alpha1', kind: 'TraceJob', name: 'who-opens', uid: JOB_UID },
      ],
      ...metadata,
    },
    spec: { nodeName: 'node-1', reportIntervalSeconds: 2, ...spec },
    status,
  }
}

export function anOwnReport(changed: Partial<OwnReport> = {}): OwnReport {
  const object = aReportObject(changed.status as object | undefined)
  return {
    uid: REPORT_UID,
    name: 'who-opens.node-1',
    namespace: 'audit',
    durationSeconds: 60,
    reportIntervalSeconds: 2,
    status: object.status,
    createdMs: NOON - 2000,
    object,
    ...changed,
  }
}
