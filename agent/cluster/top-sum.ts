/** Two lists of who opened most as one. Pure. */
import { LIMITS } from '../../crds/limits.ts'
import type { Top } from '../../crds/top.ts'

interface Counted {
  count: number
}

/** Who opened most in both, of which each counted so many opens. */
export function topSum(a: Top, aReceived: number, b: Top, bReceived: number): Top {
  const files = merged(a.files, b.files, ({ path }) => path)
  const processes = merged(a.processes, b.processes, ({ comm }) => comm, bothOfOneName)
  const pods = merged(a.pods, b.pods, ({ namespace, pod }) => `${namespace}/${pod}`)
  const isWhole = holdsAll(a, aReceived) && holdsAll(b, bReceived)
  return {
    ...(files && { files }),
    ...(processes && { processes }),
    ...(pods && { pods }),
    approximate: !isWhole || a.approximate === true || b.approximate === true,
  }
}

type Process = NonNullable<Top['processes']>[number]

/** Two of one name are one process only where both have its pid. */
function bothOfOneName(a: Process, b: Process): Process {
  const count = a.count + b.count
  if (a.pid !== undefined && a.pid === b.pid) return { ...b, count }
  return { comm: b.comm, processes: (a.processes ?? 1) + (b.processes ?? 1), count }
}

function merged<T extends Counted>(
  a: T[] | undefined,
  b: T[] | undefined,
  key: (entry: T) => string,
  both = (x: T, y: T): T => ({ ...y, count: x.count + y.count }),
) {
  if (!a || !b) return a ?? b
  const all = new Map(a.map(entry => [key(entry), entry]))
  for (const entry of b) {
    const before = all.get(key(entry))
    all.set(key(entry), before ? both(before, entry) : entry)
  }
  return [...all.values()].sort((x, y) => y.count - x.count).slice(0, LIMITS.topEntries)
}

/** What came after the last place of one list may have a place in both together: then nobody can say. */
function holdsAll({ files, processes }: Top, received: number): boolean {
  return [files, processes].every(
    list => (list ?? []).reduce((sum, { count }) => sum + count, 0) === received,
  )
}
