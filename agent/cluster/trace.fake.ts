/** A trace that runs until it is told otherwise, for tests. */
import type { TraceReportStatus } from '../../crds/report-status.ts'
import type { Progress, RunningTrace, StopReason } from '../trace.ts'
import { aLedger, aStatus } from './fixtures.ts'

export class FakeTrace implements RunningTrace {
  readonly mode = 'Tracepoint'
  readonly probes = ['tracepoint/sys_exit_openat']
  readonly finished: Promise<TraceReportStatus>
  readonly stops: StopReason[] = []
  readonly durations: (number | undefined)[] = []
  remainingSeconds: number | null = 30
  /** Ends it; `stop` alone only asks for it. */
  readonly end: (report: TraceReportStatus) => void
  readonly break: (error: Error) => void
  #isOver = false

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<TraceReportStatus>()
    this.finished = promise
    const over =
      <T>(settle: (value: T) => void) =>
      (value: T) => {
        this.#isOver = true
        settle(value)
      }
    this.end = over(resolve)
    this.break = over(reject)
  }

  progress(): Progress {
    return { ledger: aLedger(), elapsedSeconds: 1, remainingSeconds: this.remainingSeconds }
  }

  report(): TraceReportStatus {
    if (this.#isOver) throw new Error('the trace is over')
    return aStatus()
  }

  setDuration(seconds: number | undefined): void {
    this.durations.push(seconds)
  }

  stop(why: StopReason): void {
    this.stops.push(why)
  }
}
