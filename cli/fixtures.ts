/** Builders for the tests of this folder. */
import type { Progress, RunningTrace, StopReason } from '../agent/trace.ts'
import type { Ledger } from '../crds/ledger.ts'
import { type TraceJob, type TraceJobSpec, traceJobSchema } from '../crds/trace-job.ts'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import type { Facts } from './examination.ts'
import { paint } from './paint.ts'
import type { Screen } from './screen.ts'

export const NOON = new Date('2026-11-23T12:00:00.500Z')

export function aTraceJob(spec: Partial<TraceJobSpec> = {}): TraceJob {
  return traceJobSchema.parse({
    apiVersion: 'tracejob.dev/v1alpha1',
    kind: 'TraceJob',
    metadata: { name: 'who-opens', namespace: 'audit', generation: 3 },
    spec: { durationSeconds: 10, ...spec },
  })
}

/** A ledger that closes: 1,000 opens, 100 of them filtered, none lost. */
export function aLedger(changed: Partial<Ledger> = {}): Ledger {
  return {
    observed: 1000,
    filtered: 100,
    lost: 0,
    received: 900,
    logged: 900,
    withheld: 0,
    lostBy: { ringFull: 0, skippedRuns: 0, missedReturns: 0, unmatched: 0, unattributed: 0 },
    uncertain: 0,
    skippedRunsKnown: true,
    ...changed,
  }
}

export function losing(lostBy: Partial<Ledger['lostBy']>): Ledger {
  const ledger = aLedger()
  Object.assign(ledger.lostBy, lostBy)
  ledger.lost = Object.values(ledger.lostBy).reduce((sum, n) => sum + n)
  ledger.observed += ledger.lost
  return ledger
}

/** What a node says after a trace of 10.2 seconds. */
export function aReport(changed: Partial<TraceReportStatus> = {}): TraceReportStatus {
  return {
    state: 'Completed',
    attachMode: 'Tracepoint',
    probes: ['tracepoint/sys_exit_openat'],
    startTime: '2026-11-23T11:59:50.000000001Z',
    endTime: '2026-11-23T12:00:00.200000001Z',
    ledger: aLedger(),
    coverage: {
      open: { state: 'Traced' },
      openat: { state: 'Traced' },
      io_uring: { state: 'NotTraced', reason: 'no tracepoint sees them' },
      exec: { state: 'NotTraced', reason: 'no tracepoint sees them' },
      compat32: { state: 'Unavailable' },
    },
    top: {
      files: [{ path: '/etc/passwd', count: 1200 }],
      processes: [{ comm: 'cat', pid: 4123, count: 812 }],
      approximate: false,
    },
    selfTest: { start: { opened: 8, seen: 8 }, end: { opened: 8, seen: 8 } },
    cost: {
      agentCpuSeconds: 0.12,
      agentMemoryBytes: 82 * 2 ** 20,
      programRunNanoseconds: 900_000,
      programRuns: 2000,
    },
    ...changed,
  }
}

export function progress(changed: Partial<Progress> & { received?: number; lost?: number } = {}): Progress {
  const { received = 0, lost = 0, ...rest } = changed
  return { ledger: aLedger({ received, lost }), elapsedSeconds: 1, remainingSeconds: 9, ...rest }
}

/** A trace that runs until it is stopped or ended by the test. */
export class FakeTrace implements RunningTrace {
  readonly mode = 'Tracepoint'
  readonly probes = ['tracepoint/sys_exit_openat']
  readonly finished: Promise<TraceReportStatus>
  readonly stopped: string[] = []
  end: (report: TraceReportStatus) => void = () => {}

  constructor() {
    this.finished = new Promise(resolve => {
      this.end = resolve
    })
  }

  progress(): Progress {
    return progress({ received: 5 })
  }

  report(): TraceReportStatus {
    return aReport({ state: 'Tracing' })
  }

  setDuration(): void {}

  stop(why: StopReason): void {
    this.stopped.push(why)
    this.end(aReport())
  }
}

/** Remembers what was said, and each live line drawn. */
export class FakeScreen implements Screen {
  readonly isTerminal: boolean
  readonly paint = paint(false)
  readonly columns = 80
  said = ''
  readonly drawn: string[] = []

  constructor(isTerminal = false) {
    this.isTerminal = isTerminal
  }

  say(text: string): void {
    this.said += text
  }

  drawLive(line: string): void {
    this.drawn.push(line)
  }

  clearLive(): void {}
}

/** A machine on which all is well. */
export function aMachine(changed: Partial<Facts> = {}): Facts {
  return {
    kernel: { release: '6.12.0-amd64', machine: 'x86_64', preemption: 'voluntary' },
    uid: 0,
    capabilities: ['CAP_SYS_ADMIN', 'CAP_PERFMON', 'CAP_BPF'],
    lockedMemoryBytes: 8_388_608,
    btf: true,
    tracefs: true,
    lockdown: 'none',
    perfEventParanoid: 2,
    unprivilegedBpfDisabled: 2,
    clang: { path: '/usr/bin/clang', version: '19.1.7' },
    libbpf: { path: '/usr/lib/libbpf.so.1', version: '1.5.0' },
    cgroup: 'v2',
    modes: [
      { mode: 'Fexit', by: 'fexit', ok: true, probes: ['fexit/do_sys_openat2'] },
      { mode: 'Kprobe', by: 'kprobe.multi', ok: false, probes: [], problem: 'no kprobes here' },
    ],
    ...changed,
  }
}
