/** What there is to do for a TraceJob, one object each. Pure. */
import type { DaemonSet, LiveTraceReport } from './seen.ts'

/** `because` is for the log, and of a heal for the record. */
export type Action =
  | { do: 'createDaemonSet'; daemonSet: DaemonSet; because: string }
  | { do: 'healDaemonSet'; daemonSet: DaemonSet; because: string }
  | { do: 'deleteDaemonSet'; name: string; uid: string; because: string }
  | { do: 'createReport'; report: NewReport }
  | { do: 'deleteReport'; name: string; uid: string; because: string }
  | { do: 'adjustReport'; name: string; uid: string; spec: Partial<LiveTraceReport['spec']>; because: string }
  | { do: 'deleteJob'; uid: string; because: string }
  | EventRecord

/** Without a status: Pending is the CRD's default. */
export type NewReport = Omit<LiveTraceReport, 'status'>

/** A Kubernetes Event about the TraceJob. */
export interface EventRecord {
  do: 'record'
  type: 'Normal' | 'Warning'
  reason: string
  action: string
  note: string
}

/** An action the API server would not have, or the operator itself. */
export interface ActionFailure {
  action: Action
  /** HTTP's; absent where it was the operator itself that would not: to go on would do harm. */
  status?: number | undefined
  message: string
}
