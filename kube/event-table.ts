/** What has happened lately, and to what. Pure: times and chance are arguments. */
import { eventOf, type Occurrence, objectKey, type Reporter, seriesKey } from './event.ts'
import { EventLimit } from './event-limit.ts'
import { Series } from './event-series.ts'

const MOST_SERIES = 1000

/** Why an occurrence was not taken. */
export type Refused = 'RateLimited' | 'TooMany'

export class EventTable {
  readonly #reporter: Reporter
  readonly #limit = new EventLimit()
  /** By what is the same in them; the one that occurred last stands last. */
  readonly #series = new Map<string, Series>()

  constructor(reporter: Reporter) {
    this.#reporter = reporter
  }

  get(key: string): Series | undefined {
    return this.#series.get(key)
  }

  /** Those that the API server does not know the whole of. */
  owed(): Series[] {
    return [...this.#series.values()].filter(({ owed }) => owed > 0)
  }

  /**
   * Counts an occurrence; returns the key of its series, or why it is not counted.
   * @param unique see `eventOf`.
   */
  add(occurrence: Occurrence, now: Date, nowMs: number, unique: string): { key: string } | Refused {
    const key = seriesKey(occurrence)
    const series = this.#series.get(key)
    if (series?.isOpen(nowMs)) {
      series.occur(now, nowMs)
      this.#series.delete(key)
      this.#series.set(key, series)
      return { key }
    }
    const event = eventOf(occurrence, this.#reporter, now, unique)
    if (!this.#limit.take(objectKey(occurrence), nowMs)) return 'RateLimited'
    this.#series.delete(key)
    if (!this.#hasRoom()) return 'TooMany'
    this.#series.set(key, new Series(event, now, nowMs))
    return { key }
  }

  /** Gives it up; returns how many occurrences are lost by that. */
  remove(key: string): number {
    const lost = this.#series.get(key)?.owed ?? 0
    this.#series.delete(key)
    return lost
  }

  #hasRoom(): boolean {
    if (this.#series.size < MOST_SERIES) return true
    for (const [key, { owed }] of this.#series) if (owed === 0) return this.#series.delete(key)
    return false
  }
}
