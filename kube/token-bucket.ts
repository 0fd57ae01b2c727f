/** A token bucket. Pure: the time is an argument. */

export class TokenBucket {
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #atMs = Number.NEGATIVE_INFINITY

  /** @param burst how many tokens it holds; it begins full. */
  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
  }

  /** Takes a token if there is one. Where the clock goes back, no time has passed. */
  take(nowMs: number): boolean {
    this.#earn(nowMs)
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  /** Takes a token that may be one still to be earned; returns in how many milliseconds it is. */
  reserve(nowMs: number): number {
    this.#earn(nowMs)
    this.#tokens -= 1
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#perSecond) * 1000
  }

  #earn(nowMs: number): void {
    if (nowMs <= this.#atMs) return
    const earned = ((nowMs - this.#atMs) / 1000) * this.#perSecond
    this.#tokens = Math.min(this.#burst, this.#tokens + earned)
    this.#atMs = nowMs
  }
}
