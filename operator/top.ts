/** Who opened most over many nodes, out of what each says of itself. Pure. */

import { LIMITS } from '../crds/limits.ts'
import type { Top } from '../crds/top.ts'
import { cut } from './cut.ts'
import { MostFrequent } from './most-frequent.ts'
import type { NodeCounts } from './sum.ts'

/** Of a path: more of it nobody reads in a status. */
const PATH_LENGTH = 512
const COMM_LENGTH = 64

/** Undefined if no node has any. */
export function topOf(counts: readonly NodeCounts[]): Top | undefined {
  const tops = counts.flatMap(({ node, status: { top } }) => (top ? [{ node, ...top }] : []))
  if (tops.length === 0) return undefined
  const files = new MostFrequent<{ path: string }>()
  const processes = new MostFrequent<Omit<NonNullable<Top['processes']>[number], 'count'>>()
  const pods = new MostFrequent<{ namespace: string; pod: string }>()
  for (const { node, ...top } of tops) {
    for (const { path, count } of top.files ?? []) files.add(path, { path }, count)
    for (const { count, ...who } of top.processes ?? [])
      processes.add(`${node} ${who.comm}`, { ...who, node }, count)
    for (const { namespace, pod, count } of top.pods ?? [])
      pods.add(`${namespace}/${pod}`, { namespace, pod }, count)
  }
  return {
    files: files.top(LIMITS.topEntries).map(({ path, count }) => ({ path: shortened(path), count })),
    processes: processes
      .top(LIMITS.topEntries)
      .map(({ comm, ...rest }) => ({ comm: cut(comm, COMM_LENGTH), ...rest })),
    // On a machine without pods there is no such list, which says more than an empty one.
    ...(tops.some(top => top.pods) && { pods: pods.top(LIMITS.topEntries) }),
    approximate: tops.some(top => top.approximate === true) || mayMissFiles(tops),
  }
}

/** A file that is the eleventh everywhere is in nobody's list. A process or a pod is on one node, and so in its list if in any. */
function mayMissFiles(tops: readonly Top[]): boolean {
  return tops.length > 1 && tops.some(({ files = [] }) => files.length >= LIMITS.topEntries)
}

/** Both ends of a long path, for they say what it is. */
function shortened(path: string): string {
  const safe = cut(path, Number.POSITIVE_INFINITY)
  if (safe.length <= PATH_LENGTH) return safe
  const half = (PATH_LENGTH - 2) / 2
  return `${safe.slice(0, half)}…${safe.slice(-half)}`.toWellFormed()
}
