/** What there is to say on a report. Pure. */
import type { TraceReportStatus } from '../../crds/report-status.ts'
import type { State } from '../../crds/state.ts'

export interface Saying {
  state: State
  /** Nothing will be said after it. */
  isLast: boolean
  /** Asked for only when it is time. */
  status(): TraceReportStatus
}
