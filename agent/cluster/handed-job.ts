/** The TraceJob as the operator handed it over in the pod's environment. Pure. */
import { z } from 'zod'
import { findings } from '../../crds/findings.ts'
import { API_VERSION } from '../../crds/group-version.ts'
import { dnsLabel } from '../../crds/names.ts'
import { printedPath } from '../../crds/problem.ts'
import { type TraceJob, traceJobSpecSchema } from '../../crds/trace-job.ts'
import { TraceFailure } from '../failure.ts'

/** Enough of a job to find its report. */
export interface JobIdentity {
  name: string
  namespace: string
  uid: string
}

export interface HandedJob {
  identity: JobIdentity
  /** Or why this agent can't run it. */
  job: TraceJob | TraceFailure
}

/** Not strict, unlike the spec: what is unknown here changes nothing about the trace. */
const envelope = z.object({
  apiVersion: z.unknown().optional(),
  kind: z.unknown().optional(),
  metadata: z.object({ name: dnsLabel, namespace: dnsLabel, uid: z.string().min(1).max(63) }),
  spec: z.unknown().optional(),
})

const NAMED = 3

/**
 * @param text `{apiVersion, kind, metadata: {name, namespace, uid}, spec}` as JSON.
 * @throws Error when it can't even be told whose job it is, so that there is no report to say so.
 */
export function handedJob(text: string): HandedJob {
  const { apiVersion, kind, metadata, spec } = envelope.parse(JSON.parse(text))
  return { identity: metadata, job: runnable() }

  function runnable(): TraceJob | TraceFailure {
    if (apiVersion !== API_VERSION || kind !== 'TraceJob') {
      return notUnderstood(`it is not a TraceJob of ${API_VERSION}`)
    }
    const understood = traceJobSpecSchema.safeParse(spec)
    if (!understood.success) {
      const found = findings(
        z.object({ spec: traceJobSpecSchema }),
        { spec },
        issuesBelowSpec(understood.error),
      )
      const named = found.slice(0, NAMED).map(({ path, message }) => `${printedPath(path)}: ${message}`)
      return notUnderstood(named.join('; '), found.length - named.length)
    }
    if (understood.data.program.source) return unsupported()
    return { apiVersion: API_VERSION, kind: 'TraceJob', metadata, spec: understood.data }
  }
}

function issuesBelowSpec(error: z.ZodError): z.core.$ZodIssue[] {
  return error.issues.map(issue => ({ ...issue, path: ['spec', ...issue.path] }))
}

function notUnderstood(what: string, more = 0): TraceFailure {
  const others = more > 0 ? `; and ${more} more` : ''
  return new TraceFailure(
    'Internal',
    `this agent does not understand the TraceJob it was handed: ${what}${others}`,
    'Agents and operator must be of the same release: look at the image of the agents.',
  )
}

function unsupported(): TraceFailure {
  return new TraceFailure(
    'ProgramUnsupported',
    'programs of your own (spec.program.source) are not run by this release yet',
    'Use program: {openat: {}}.',
  )
}
