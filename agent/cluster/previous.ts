/** What an agent before us reported, as far as we understand it: it may have been of another release. Pure. */
import { type TraceReportStatus, traceReportStatusSchema } from '../../crds/report-status.ts'
import { stateSchema } from '../../crds/state.ts'

/** Field by field: what can't be understood is left out. */
export function previousStatus(raw: unknown): TraceReportStatus {
  const fields = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {}
  const understood = Object.entries(traceReportStatusSchema.shape).flatMap(([name, schema]) => {
    const value = schema.safeParse(fields[name])
    return value.success && value.data !== undefined ? [[name, value.data]] : []
  })
  return { state: stateSchema.catch('Pending').parse(fields.state), ...Object.fromEntries(understood) }
}
