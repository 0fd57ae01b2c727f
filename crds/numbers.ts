/** A count with its thousands apart: 12,345. Not Intl, whose tables take 20 ms to load. */
export function count(n: number): string {
  return Math.round(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 open`, `2 opens`, `3 losses` (with the plural given). */
export function counted(n: number, noun: string, nouns = `${noun}s`): string {
  return `${count(n)} ${n === 1 ? noun : nouns}`
}
