/** When the next write to a report may be. Pure: the time and chance are arguments, times are in milliseconds. */

/** Nodes that began together shall not go on writing together. */
const JITTER = 0.2
/** Of opens that were only filtered it is enough to hear after so many intervals. */
const FILTERED_INTERVALS = 10
const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 30_000

export class WritePace {
  readonly #random: () => number
  #ordinaryMs = 0
  #filteredMs = 0
  #retryMs = 0
  #failures = 0

  /** @param random in 0 … 1. */
  constructor(random: () => number) {
    this.#random = random
  }

  /** How many writes in a row have failed. */
  get failures(): number {
    return this.#failures
  }

  /** The next write may be then. */
  dueMs(isUrgent: boolean): number {
    return Math.max(this.#retryMs, isUrgent ? 0 : this.#ordinaryMs)
  }

  /** Whether it is time to tell of opens that were only filtered. */
  isTimeForFiltered(nowMs: number): boolean {
    return nowMs >= this.#filteredMs
  }

  wrote(nowMs: number, intervalMs: number): void {
    this.#filteredMs = nowMs + FILTERED_INTERVALS * intervalMs
  }

  /** Nothing is left to write for now. Returns in how long it is time for another look. */
  upToDate(nowMs: number, intervalMs: number): number {
    const waitMs = intervalMs * (1 + JITTER * this.#random())
    this.#ordinaryMs = nowMs + waitMs
    this.#retryMs = 0
    this.#failures = 0
    return waitMs
  }

  /**
   * @param askedMs for so long at least we were asked to wait.
   * @param isLeaving there is no time to be patient.
   * @returns for how long to wait.
   */
  failed(nowMs: number, askedMs: number, isLeaving: boolean): number {
    const mostMs = isLeaving ? FIRST_RETRY_MS : LAST_RETRY_MS
    const backOffMs = Math.min(mostMs, FIRST_RETRY_MS * 2 ** Math.min(this.#failures, 10))
    const waitMs = Math.max(askedMs, backOffMs * (0.5 + this.#random() / 2))
    this.#failures++
    this.#retryMs = nowMs + waitMs
    return waitMs
  }

  /** What was waited for because of failures is waited for no longer. */
  hurry(): void {
    this.#retryMs = 0
  }
}
