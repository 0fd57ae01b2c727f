/** Pure. */
import { TraceFailure } from './failure.ts'

/** Whatever else goes wrong while tracing is ours to mend, and still leaves a report. */
export function defect(error: unknown): TraceFailure {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  const advice = 'This is a defect of tracejob; please report it with what stands below.'
  return new TraceFailure('Internal', `The trace broke off: ${message}`, advice, {
    ...(stack && { detail: stack }),
    cause: error,
  })
}
