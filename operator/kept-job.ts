/**
 * What the operator believes of a TraceJob, and all that stays of it in memory. Pure.
 *
 * The spec stays as it comes: whether it can be run is a question of its own. The status is ours, but an older or newer operator, or
 * somebody's hand, may have written it: each field that can't be understood is as if it were not there, and is written anew.
 */
import { z } from 'zod'
import type { TraceJobStatus } from '../crds/trace-job.ts'
import { traceJobStatusSchema } from '../crds/trace-job-status.ts'
import { keptMetadata } from './kept-metadata.ts'
import type { LiveTraceJob } from './seen.ts'

/** One that says more than we know is one all the same: an end by another schema is an end. */
const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().catch(''),
  message: z.string().catch(''),
  lastTransitionTime: z.string().catch(''),
  observedGeneration: z.number().optional().catch(undefined),
})

/** For a reflector of TraceJobs. */
export function keptJob(job: LiveTraceJob): LiveTraceJob {
  const { apiVersion, kind, metadata, spec, status } = job
  return {
    ...(apiVersion && { apiVersion }),
    ...(kind && { kind }),
    metadata: keptMetadata(metadata) as LiveTraceJob['metadata'],
    spec,
    ...(status !== undefined && { status: understood(status) }),
  }
}

function understood(status: unknown): TraceJobStatus {
  const kept: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(traceJobStatusSchema.shape)) {
    const value = (status as Record<string, unknown> | null)?.[name]
    const read = name === 'conditions' ? conditionsIn(value) : field.safeParse(value).data
    if (read !== undefined) kept[name] = read
  }
  return kept as TraceJobStatus
}

function conditionsIn(value: unknown): unknown[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.flatMap(each => conditionSchema.safeParse(each).data ?? [])
}
