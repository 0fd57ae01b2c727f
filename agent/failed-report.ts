/** What a node reports that could not trace. Pure. */
import { escaped } from '../crds/escape.ts'
import { LIMITS } from '../crds/limits.ts'
import type { TraceReportStatus } from '../crds/report-status.ts'
import type { TraceFailure } from './failure.ts'

/** Room for the escaped tail of what others said, so that the whole report keeps to its 4 KiB. */
const DETAIL_LENGTH = 1024

/** The report of a node on which no probe could be attached. */
export function failedReport({ reason, message, advice, detail }: TraceFailure): TraceReportStatus {
  const sentence = escaped(`${message}. ${advice}`).slice(0, LIMITS.messageLength)
  const tail = detail?.split('\n').map(escaped).join('\n').slice(-DETAIL_LENGTH)
  return { state: 'Failed', failure: { reason, message: sentence, ...(tail && { detail: tail }) } }
}
