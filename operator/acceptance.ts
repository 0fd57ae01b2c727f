/** Whether the spec of a TraceJob is one that this release can run. Pure. */
import { z } from 'zod'
import { utf8Length } from '../crds/bytes.ts'
import { findings } from '../crds/findings.ts'
import { count } from '../crds/numbers.ts'
import { printedPath } from '../crds/problem.ts'
import { type TraceJobSpec, traceJobSpecSchema } from '../crds/trace-job.ts'
import { cut } from './cut.ts'
import { HANDOVER_BYTES_MAX, handover } from './handover.ts'
import type { LiveTraceJob } from './seen.ts'

export interface Refusal {
  reason: 'SpecInvalid' | 'SpecTooLarge' | 'ProgramUnsupported'
  message: string
}

/** The spec with every default applied, or why it can't be run. */
export type Acceptance = { spec: TraceJobSpec; refusal?: undefined } | { spec?: undefined; refusal: Refusal }

const NAMED = 3

/**
 * The API server has checked the spec already, by its schema of the time. An older or newer schema may let in what this release
 * does not know: refused, for a filter that is ignored would answer another question.
 */
export function acceptanceOf(job: LiveTraceJob): Acceptance {
  const read = traceJobSpecSchema.safeParse(job.spec)
  if (!read.success) return { refusal: { reason: 'SpecInvalid', message: whatIsWrong(job, read.error) } }
  const spec = read.data
  if (spec.program.source) {
    const message =
      'This release runs no programs of your own (spec.program.source) yet. Use program: {openat: {}}.'
    return { refusal: { reason: 'ProgramUnsupported', message } }
  }
  const bytes = utf8Length(handover(job, spec))
  if (bytes > HANDOVER_BYTES_MAX) {
    const message = `The spec is ${count(bytes)} bytes of JSON, and at most ${count(HANDOVER_BYTES_MAX)} can be handed to an agent. Ask with fewer or shorter values.`
    return { refusal: { reason: 'SpecTooLarge', message } }
  }
  return { spec }
}

function whatIsWrong({ spec }: LiveTraceJob, { issues }: z.ZodError): string {
  const belowSpec = issues.map(issue => ({ ...issue, path: ['spec', ...issue.path] }))
  const found = findings(z.object({ spec: traceJobSpecSchema }), { spec }, belowSpec)
  const named = found.slice(0, NAMED).map(({ path, message }) => `${printedPath(path)} ${message}`)
  const more = found.length > NAMED ? `; and ${found.length - NAMED} more` : ''
  return cut(`This release does not understand the spec: ${named.join('; ')}${more}.`)
}
