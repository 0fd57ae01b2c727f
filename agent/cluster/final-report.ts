/** What a node says last. Pure. */
import type { TraceReportStatus } from '../../crds/report-status.ts'
import { defect } from '../defect.ts'
import { failedReport } from '../failed-report.ts'
import { TraceFailure } from '../failure.ts'
import { fitted } from '../report.ts'

/**
 * How a trace came to its end. Deadline: in order. Signal: the agent is to go, and the next one goes on.
 * Deleted: our report is gone. Error: it broke off, or never began.
 */
export type Ending = 'Deadline' | 'Signal' | 'Deleted' | Error

/** @param known what was traced until then. */
export function finalReport(known: TraceReportStatus | undefined, ending: Ending): TraceReportStatus {
  if (ending === 'Deadline') return { ...known, state: 'Completed' }
  // Not Completed: it goes on when the agent is started again.
  if (ending === 'Signal') return { ...known, state: 'Pending' }
  const error = ending === 'Deleted' ? deleted() : ending
  return fitted({ ...known, ...failedReport(error instanceof TraceFailure ? error : defect(error)) })
}

/** It is said on a report that takes the place of the one that was deleted, if ever there is one. */
function deleted(): TraceFailure {
  const advice = 'Create another TraceJob to trace again, and leave its reports alone.'
  return new TraceFailure('Interrupted', 'the TraceReport of this node was deleted in mid-trace', advice)
}
