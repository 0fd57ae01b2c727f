/** The name of a node's TraceReport, which operator and agent must agree on. Pure. */
import { fnv1a } from './fnv1a.ts'

const LONGEST_NAME = 253

/**
 * `job.node`: the name of a TraceJob has no dot, so no two pairs meet in one name.
 * Where both are too long together, the end of the node's gives way to a hash of it.
 */
export function reportName(job: string, node: string): string {
  const name = `${job}.${node}`
  if (name.length <= LONGEST_NAME) return name
  const hash = fnv1a(node)
  return `${name.slice(0, LONGEST_NAME - hash.length - 1).replace(/[-.]+$/, '')}-${hash}`
}
