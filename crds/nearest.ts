/** Longer words are not compared: no field is that long, and the cost grows with the product of the lengths. */
const LONGEST = 64

/** How many insertions, deletions, replacements and swaps of neighbours lead from `a` to `b` (Damerau's distance, restricted). */
export function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], beforeLast[j - 2] + 1)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]
}

/** The one of `known` that `word` was probably meant to be: case aside, at most a third of its letters differ. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined
  let best: { name: string; away: number } | undefined
  for (const name of known) {
    const away = distance(word.toLowerCase(), name.toLowerCase())
    if (away <= Math.max(1, Math.floor(name.length / 3)) && (!best || away < best.away)) best = { name, away }
  }
  return best?.name
}
