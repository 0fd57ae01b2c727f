/** Who acted when. Pure. */

/** The time in which one process led once. */
export interface Tenure {
  identity: string
  term: number
  firstNs: bigint
  lastNs: bigint
}

/** From the lines of a journal (see elector-process.ts), by their beginnings. */
export function tenures(journal: string): Tenure[] {
  const found = new Map<string, Tenure>()
  for (const line of journal.split('\n').filter(Boolean)) {
    const [identity, term, at] = line.split(' ') as [string, string, string]
    const atNs = BigInt(at)
    const key = `${identity} ${term}`
    const tenure = found.get(key) ?? { identity, term: Number(term), firstNs: atNs, lastNs: atNs }
    if (atNs < tenure.firstNs) tenure.firstNs = atNs
    if (atNs > tenure.lastNs) tenure.lastNs = atNs
    found.set(key, tenure)
  }
  return [...found.values()].sort((a, b) => (a.firstNs < b.firstNs ? -1 : 1))
}

/** Those who acted before the one before them had come to its end. */
export function overlaps(of: readonly Tenure[]): Tenure[] {
  return of.filter((tenure, i) => of.slice(0, i).some(({ lastNs }) => lastNs >= tenure.firstNs))
}

/** Writers that wrote again after another had. */
export function interleaved(writers: readonly string[]): string[] {
  const changes = writers.filter((writer, i) => writer !== writers[i - 1])
  return changes.filter((writer, i) => changes.indexOf(writer) < i)
}
