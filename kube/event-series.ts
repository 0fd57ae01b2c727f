/** How often one thing happened, and how much of that the API server knows. Pure: the times are arguments. */
import { type KubeEvent, seriesOf } from './event.ts'

/** After so long without, the next occurrence is a new event, as with client-go. */
const WINDOW_MS = 360_000
/** A count is told this often at most; the first two occurrences are told at once. */
const BETWEEN_MS = 30_000

export class Series {
  readonly #event: KubeEvent
  #count = 1
  #last: Date
  #lastMs: number
  #written = 0
  #nextMs = Number.NEGATIVE_INFINITY

  constructor(event: KubeEvent, at: Date, nowMs: number) {
    this.#event = event
    this.#last = at
    this.#lastMs = nowMs
  }

  occur(at: Date, nowMs: number): void {
    this.#count++
    this.#last = at
    this.#lastMs = nowMs
  }

  /** Whether another occurrence belongs to it. What is owed is not lost by beginning anew. */
  isOpen(nowMs: number): boolean {
    return this.owed > 0 || nowMs - this.#lastMs < WINDOW_MS
  }

  get count(): number {
    return this.#count
  }

  /** Occurrences that the API server has not been told of. */
  get owed(): number {
    return this.#count - this.#written
  }

  get isCreated(): boolean {
    return this.#written > 0
  }

  /** In how many milliseconds the API server should be told. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#nextMs - nowMs)
  }

  /** As it is now. */
  get event(): KubeEvent {
    return this.#count === 1 ? this.#event : { ...this.#event, series: seriesOf(this.#count, this.#last) }
  }

  /** The API server knows of that many. */
  wrote(count: number, nowMs: number): void {
    if (count > 1) this.#nextMs = nowMs + BETWEEN_MS
    this.#written = Math.max(this.#written, count)
  }
}
