/** The trace that runs now, together with what an agent before us had traced. */
import type { TraceReportStatus } from '../../crds/report-status.ts'
import type { RunningTrace, StopReason } from '../trace.ts'
import type { Ending } from './final-report.ts'
import { reportSum } from './report-sum.ts'
import { type Earlier, interrupted } from './resume.ts'

export class Run {
  readonly trace: RunningTrace
  /** Of the report it was begun for. */
  readonly reportUid: string
  /** As it was set last, from the first attach on. */
  durationSeconds: number | undefined
  readonly #before: TraceReportStatus | undefined
  readonly #elapsedSeconds: number
  #known: TraceReportStatus | undefined
  #ending: Ending = 'Deadline'

  /** @param earlier as of the attach. */
  constructor(trace: RunningTrace, reportUid: string, earlier: Earlier | undefined) {
    this.trace = trace
    this.reportUid = reportUid
    this.#before = earlier && interrupted(earlier.status, earlier.untracedSeconds)
    this.#elapsedSeconds = earlier?.elapsedSeconds ?? 0
  }

  /** Only while it runs. */
  report(): TraceReportStatus {
    this.#known = this.together(this.trace.report())
    return this.#known
  }

  /** What was said last, or what was there before. */
  get known(): TraceReportStatus | undefined {
    return this.#known ?? this.#before
  }

  together(status: TraceReportStatus): TraceReportStatus {
    return this.#before ? reportSum(this.#before, status) : status
  }

  /** @param seconds from the first attach on; undefined: until stopped. */
  setDuration(seconds: number | undefined): void {
    this.durationSeconds = seconds
    this.trace.setDuration(seconds === undefined ? undefined : seconds - this.#elapsedSeconds)
  }

  stop(why: StopReason): void {
    // A deadline that has just passed is the end, whatever came then.
    if (this.trace.progress().remainingSeconds !== 0) this.#ending = why
    this.trace.stop(why)
  }

  /** Why it was stopped; Deadline if by itself. */
  get ending(): Ending {
    return this.#ending
  }
}
