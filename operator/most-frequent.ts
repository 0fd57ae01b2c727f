/** Counts added up by name, and the largest of them. Pure. */

interface Entry<T> {
  name: string
  value: T
  count: number
}

export class MostFrequent<T extends object> {
  readonly #entries = new Map<string, Entry<T>>()

  /** Further values of one name add to its count. */
  add(name: string, value: T, count: number): void {
    const entry = this.#entries.get(name) ?? { name, value, count: 0 }
    entry.count = Math.min(entry.count + count, Number.MAX_SAFE_INTEGER)
    this.#entries.set(name, entry)
  }

  /**
   * So many at most, the most frequent first. What is as frequent stands in the order of its name, and so where it stood before.
   * In time linear in the number of names: to sort fifty thousand for the sake of ten takes long.
   */
  top(length: number): (T & { count: number })[] {
    const best: Entry<T>[] = []
    for (const entry of this.#entries.values()) {
      if (best.length === length && !isBefore(entry, best[length - 1])) continue
      const place = best.findIndex(other => isBefore(entry, other))
      best.splice(place < 0 ? best.length : place, 0, entry)
      if (best.length > length) best.pop()
    }
    return best.map(({ value, count }) => ({ ...value, count }))
  }
}

function isBefore(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.count === b.count ? a.name < b.name : a.count > b.count
}
