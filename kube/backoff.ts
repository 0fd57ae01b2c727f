/** Waits that get longer with every failure. Pure: chance is an argument. */

interface BackoffOptions {
  firstMs: number
  longestMs: number
}

const FACTOR = 2

export class Backoff {
  readonly #firstMs: number
  readonly #longestMs: number
  #failures = 0

  constructor({ firstMs, longestMs }: BackoffOptions) {
    this.#firstMs = firstMs
    this.#longestMs = longestMs
  }

  /** The failures since the last reset. */
  get failures(): number {
    return this.#failures
  }

  /**
   * Counts a failure; returns how many milliseconds to wait.
   * @param random from 0 to 1: how much of the second half of the wait is waited, so that not all come back at once.
   */
  next(random: number): number {
    const whole = Math.min(this.#firstMs * FACTOR ** this.#failures, this.#longestMs)
    this.#failures++
    return whole * (0.5 + random / 2)
  }

  reset(): void {
    this.#failures = 0
  }
}
