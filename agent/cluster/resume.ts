/** How to go on where an agent before us may have been. Pure. */
import type { TraceReportStatus } from '../../crds/report-status.ts'
import type { TraceJob } from '../../crds/trace-job.ts'
import { type Clocks, type Dates, secondsSinceAttach, secondsUntraced } from './elapsed.ts'

/** The part of a trace that was over before this agent began. */
export interface Earlier {
  /** Its sums, which close; its interruptions without the present one. */
  status: TraceReportStatus
  /** Since the first attach, as of now. */
  elapsedSeconds: number
  /** For how long nothing has been traced, as of now. */
  untracedSeconds: number
}

export type Resumption =
  | { go: 'fresh' }
  | { go: 'on'; earlier: Earlier }
  /** There is nothing left to trace; `status` is what there is to say. */
  | { go: 'over'; status: TraceReportStatus }

/**
 * @param status of the report as it is now.
 * @param durationSeconds how long the node traces from its first attach; 0: no more; undefined: until stopped.
 */
export function resumption(
  status: TraceReportStatus,
  durationSeconds: number | undefined,
  dates: Dates,
  clocks: Clocks,
): Resumption {
  if (status.state === 'Completed' || status.state === 'Failed') return { go: 'over', status }
  const { startTime, endTime } = status
  if (startTime === undefined) {
    return durationSeconds === 0 ? { go: 'over', status: calledOff() } : { go: 'fresh' }
  }
  const earlier: Earlier = {
    status: closed(status),
    elapsedSeconds: secondsSinceAttach(Date.parse(startTime), dates, clocks),
    untracedSeconds: secondsUntraced(endTime === undefined ? undefined : Date.parse(endTime), dates, clocks),
  }
  if (durationSeconds === undefined || earlier.elapsedSeconds < durationSeconds) return { go: 'on', earlier }
  return { go: 'over', status: ended(earlier, durationSeconds, clocks) }
}

/** The same, so many seconds later. */
export function aged(earlier: Earlier, seconds: number): Earlier {
  const { elapsedSeconds, untracedSeconds } = earlier
  return {
    ...earlier,
    elapsedSeconds: elapsedSeconds + seconds,
    untracedSeconds: untracedSeconds + seconds,
  }
}

/** The job as it will run: with the time that is left of its duration. */
export function lasting(
  job: TraceJob,
  durationSeconds: number | undefined,
  elapsedSeconds: number,
): TraceJob {
  const { durationSeconds: _, ...spec } = job.spec
  if (durationSeconds === undefined) return { ...job, spec }
  const left = Math.round((durationSeconds - elapsedSeconds) * 1000) / 1000
  return { ...job, spec: { ...spec, durationSeconds: left } }
}

/** The status with one interruption more, if it was one. */
export function interrupted(status: TraceReportStatus, untracedSeconds: number): TraceReportStatus {
  const { count = 0, untracedSeconds: before = 0 } = status.interruptions ?? {}
  const seconds = Math.round((before + untracedSeconds) * 1000) / 1000
  return { ...status, interruptions: { count: count + 1, untracedSeconds: seconds } }
}

/** Its time was up before we came: what would have been traced until then was not. */
function ended(
  { status, elapsedSeconds, untracedSeconds }: Earlier,
  durationSeconds: number,
  { nodeMs }: Clocks,
): TraceReportStatus {
  const missed = Math.max(0, untracedSeconds - (elapsedSeconds - durationSeconds))
  const endTime = status.endTime ?? new Date(nodeMs - untracedSeconds * 1000).toISOString()
  const completed: TraceReportStatus = { ...status, state: 'Completed', endTime }
  return missed > 0 ? interrupted(completed, missed) : completed
}

function calledOff(): TraceReportStatus {
  const message = 'The trace was called off before the probes were attached.'
  return { state: 'Failed', failure: { reason: 'Interrupted', message } }
}

/** What was on its way when the last report was written is in no sum. */
function closed(status: TraceReportStatus): TraceReportStatus {
  const { ledger } = status
  if (!ledger) return status
  const { filtered, lost, received } = ledger
  return { ...status, ledger: { ...ledger, observed: filtered + lost + received } }
}
