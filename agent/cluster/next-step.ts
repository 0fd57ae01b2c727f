/** What an agent does next: the story of its life, from what it sees alone. Pure. */
import type { StopReason } from '../trace.ts'

/**
 * Waiting for the report; Starting: compiling, loading, attaching; Tracing; Ending: detaching and draining;
 * Ended: nothing is traced any more, and never will be.
 */
export type Phase = 'Waiting' | 'Starting' | 'Tracing' | 'Ending' | 'Ended'

export interface Standing {
  phase: Phase
  /** Our own report, if it is there. */
  report?: { uid: string; durationSeconds?: number | undefined } | undefined
  /** What is starting has been called off. */
  isCalledOff: boolean
  /** The uid of the report for which the trace was begun. */
  tracedUid?: string | undefined
  /** The duration that the running trace was given last. */
  setSeconds?: number | undefined
  /** By SIGTERM. */
  toldToLeave: boolean
  /** The events can't be written any more. */
  outputFailed: boolean
}

export type Step =
  | { do: 'wait' }
  | { do: 'begin' }
  | { do: 'callOff' }
  /** Counted from the first attach; undefined: until stopped. */
  | { do: 'setDuration'; seconds: number | undefined }
  | { do: 'stop'; why: StopReason }
  | { do: 'leave' }

const WAIT: Step = { do: 'wait' }

export function nextStep(seen: Standing): Step {
  switch (seen.phase) {
    case 'Waiting':
      if (seen.toldToLeave) return { do: 'leave' }
      return seen.report ? { do: 'begin' } : WAIT
    case 'Starting':
      return isPointless(seen) && !seen.isCalledOff ? { do: 'callOff' } : WAIT
    case 'Tracing':
      return whileTracing(seen)
    case 'Ended':
      return seen.toldToLeave ? { do: 'leave' } : WAIT
    case 'Ending':
      return WAIT
  }
}

function isPointless({ report, tracedUid, toldToLeave }: Standing): boolean {
  return toldToLeave || report?.uid !== tracedUid
}

function whileTracing({ report, tracedUid, setSeconds, toldToLeave, outputFailed }: Standing): Step {
  // Also another one of the same name: who deleted ours wanted an end.
  if (report?.uid !== tracedUid) return { do: 'stop', why: 'Deleted' }
  if (toldToLeave || outputFailed) return { do: 'stop', why: 'Signal' }
  const seconds = report?.durationSeconds
  if (seconds === 0) return { do: 'stop', why: 'Deadline' }
  return seconds === setSeconds ? WAIT : { do: 'setDuration', seconds }
}
