/** The status of a TraceJob that the operator itself fails at. Pure. */
import type { Condition } from '../crds/conditions.ts'
import type { TraceJobStatus } from '../crds/trace-job.ts'
import { conditionsOf, type Judgement } from './conditions.ts'
import type { LiveTraceJob } from './seen.ts'

const TYPES = ['Accepted', 'Tracing', 'Complete', 'Failed', 'Lossless'] as const

/** As it was, but that nobody knows how the trace stands: the agents may well go on. */
export function statusAfterDefect(job: LiveTraceJob, error: unknown, now: Date): TraceJobStatus {
  const { generation } = job.metadata
  const before = job.status?.conditions
  const what = error instanceof Error ? error.message : String(error)
  const message = `This is a defect of TraceJob: the operator can't tell how the trace stands (${what}). Its log says more.`
  const unknown = (type: Condition['type']): Judgement => ({
    type,
    status: 'Unknown',
    reason: 'Internal',
    message,
  })
  const conditions = TYPES.map(type => {
    const last = type === 'Tracing' ? undefined : before?.find(condition => condition.type === type)
    return last ?? conditionsOf([unknown(type)], before, generation, now)[0]
  })
  return { state: 'Pending', ...job.status, conditions }
}
