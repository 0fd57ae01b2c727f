/** How long what failed waits before it is tried again, as client-go's controllers do. Pure: the time is an argument. */
import { TokenBucket } from './token-bucket.ts'

const FIRST_MS = 5
const LONGEST_MS = 1_000_000
const PER_SECOND = 10
const BURST = 100

export interface RateLimitOptions {
  /** Milliseconds of a key's first wait; each further one is twice as long. */
  firstMs?: number
  longestMs?: number
  /** Retries of all keys together. */
  perSecond?: number
  burst?: number
}

/** Exponential by key, and a token bucket over all of them: the longer wait counts. */
export class RateLimit {
  readonly #firstMs: number
  readonly #longestMs: number
  readonly #bucket: TokenBucket
  readonly #failures = new Map<string, number>()

  constructor({
    firstMs = FIRST_MS,
    longestMs = LONGEST_MS,
    perSecond = PER_SECOND,
    burst = BURST,
  }: RateLimitOptions = {}) {
    this.#firstMs = firstMs
    this.#longestMs = longestMs
    this.#bucket = new TokenBucket(perSecond, burst)
  }

  /** Counts a failure of the key; returns in how many milliseconds it may be tried again. */
  delayMs(key: string, nowMs: number): number {
    const failures = this.retries(key)
    this.#failures.set(key, failures + 1)
    const own = Math.min(this.#firstMs * 2 ** failures, this.#longestMs)
    return Math.max(own, this.#bucket.reserve(nowMs))
  }

  /** The failures since the key was last forgotten. */
  retries(key: string): number {
    return this.#failures.get(key) ?? 0
  }

  forget(key: string): void {
    this.#failures.delete(key)
  }
}
