/** From a report to the trace it asks for: what was before, what is left, and the attach. */
import type { Logger } from 'pino'
import type { TraceReportStatus } from '../../crds/report-status.ts'
import type { TraceJob } from '../../crds/trace-job.ts'
import { TraceFailure } from '../failure.ts'
import type { RunningTrace } from '../trace.ts'
import type { Clocks, Dates } from './elapsed.ts'
import { finalReport } from './final-report.ts'
import type { OwnReport } from './own-report.ts'
import { previousStatus } from './previous.ts'
import { aged, type Earlier, lasting, resumption } from './resume.ts'
import { Run } from './run.ts'

export interface Surroundings {
  /** Or why it can't be run. */
  job: TraceJob | TraceFailure
  /** When an agent before us wrote to the report. Never throws. */
  dates: (report: OwnReport) => Promise<Dates>
  clocks: () => Clocks
  monotonicMs: () => number
  /** Attaches; the signal calls it off as long as that is not done. */
  begin: (job: TraceJob, signal: AbortSignal) => Promise<RunningTrace>
  log: Logger
}

/**
 * Never throws: resolves to what there is to say where nothing can be traced, or nothing is left to; to
 * undefined where it was called off.
 */
export async function beginRun(
  report: OwnReport,
  { job, dates, clocks, monotonicMs, begin, log }: Surroundings,
  calledOff: AbortSignal,
): Promise<Run | TraceReportStatus | undefined> {
  let earlier: Earlier | undefined
  try {
    const previous = previousStatus(report.status)
    const known = previous.startTime === undefined ? {} : await dates(report)
    calledOff.throwIfAborted()
    const durationSeconds = durationOf(report, job)
    const way = resumption(previous, durationSeconds, known, clocks())
    if (way.go === 'over') return way.status
    if (way.go === 'on') earlier = way.earlier
    if (job instanceof TraceFailure) throw job

    const decidedMs = monotonicMs()
    const elapsedSeconds = earlier?.elapsedSeconds ?? 0
    log.info({ report: report.uid, durationSeconds, elapsedSeconds }, 'the trace begins')
    const trace = await begin(lasting(job, durationSeconds, elapsedSeconds), calledOff)
    const run = new Run(trace, report.uid, earlier && aged(earlier, (monotonicMs() - decidedMs) / 1000))
    run.setDuration(durationSeconds)
    return run
  } catch (error) {
    return calledOff.aborted ? undefined : finalReport(earlier?.status, asError(error))
  }
}

/** The report never asks for more than the job, which stands in where it says nothing. */
export function durationOf({ durationSeconds }: OwnReport, job: TraceJob | TraceFailure): number | undefined {
  return durationSeconds ?? (job instanceof TraceFailure ? undefined : job.spec.durationSeconds)
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
