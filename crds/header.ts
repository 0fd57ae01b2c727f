import { quoted } from './escape.ts'
import { API_VERSION } from './group-version.ts'
import { nearest } from './nearest.ts'
import type { Finding } from './problem.ts'

const KIND = 'TraceJob'

function wrongKind(kind: unknown): string | undefined {
  if (kind === KIND) return undefined
  if (kind === undefined || kind === null) return `missing; it must be ${KIND}`
  if (typeof kind !== 'string') return `must be ${KIND}`
  if (nearest(kind, [KIND])) return `unknown kind ${quoted(kind)}; did you mean ${quoted(KIND)}?`
  if (kind === 'TraceReport')
    return 'a TraceReport is what a node says about a trace; what is wanted here is the TraceJob'
  if (kind.endsWith('List'))
    return `a ${quoted(kind)} is not read; write the TraceJob that is in it into a file of its own`
  return `unknown kind ${quoted(kind)}; only ${KIND} is read here`
}

function wrongVersion(apiVersion: unknown): string | undefined {
  if (apiVersion === API_VERSION) return undefined
  if (apiVersion === undefined || apiVersion === null) return `missing; it must be ${API_VERSION}`
  if (typeof apiVersion !== 'string') return `must be ${API_VERSION}`
  return `unknown apiVersion ${quoted(apiVersion)}; this release knows only ${API_VERSION}`
}

/** What is wrong with the first two fields of an object that should be a TraceJob. */
export function headerFindings(object: Record<string, unknown>): Finding[] {
  const kind = wrongKind(object.kind)
  const version = wrongVersion(object.apiVersion)
  return [
    ...(version && !isOtherKind(object.kind) ? [{ path: ['apiVersion'], message: version }] : []),
    ...(kind ? [{ path: ['kind'], message: kind }] : []),
  ]
}

/** Whether the object is of another kind altogether, so that nothing else about it is worth a word. */
export const isOtherKind = (kind: unknown): boolean => typeof kind === 'string' && !nearest(kind, [KIND])
