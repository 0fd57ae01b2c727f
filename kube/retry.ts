/** Which failed requests are worth another try, and when. Pure: time and chance are arguments. */
import { Backoff } from './backoff.ts'
import { ApiError, ConnectionFailed, UnreadableAnswer } from './errors.ts'

/**
 * What a second try of a request that may have been acted upon would do: nothing at all (Read), the same again (Idempotent),
 * or perhaps something else (Once).
 */
export type Repeatable = 'Read' | 'Idempotent' | 'Once'

const MOST_ATTEMPTS = 5
const FIRST_MS = 100
const LONGEST_MS = 5000

/** The tries of one request. */
export class Retries {
  readonly #repeatable: Repeatable
  readonly #budgetMs: number
  readonly #backoff = new Backoff({ firstMs: FIRST_MS, longestMs: LONGEST_MS })
  #attempts = 0
  #wasUnauthorized = false
  #wasClosed = false

  /** @param budgetMs when there is no more trying, in milliseconds from the beginning of the first try. */
  constructor(repeatable: Repeatable, budgetMs: number) {
    this.#repeatable = repeatable
    this.#budgetMs = budgetMs
  }

  /**
   * After a failed try, in how many milliseconds to try again; undefined: not at all.
   * @param spentMs since the beginning of the first try.
   * @param random from 0 to 1.
   */
  next(error: unknown, spentMs: number, random: number): number | undefined {
    this.#attempts++
    const waitMs = this.#waitMs(error, random)
    if (waitMs === undefined || this.#attempts >= MOST_ATTEMPTS) return undefined
    return spentMs + waitMs < this.#budgetMs ? waitMs : undefined
  }

  #waitMs(error: unknown, random: number): number | undefined {
    if (error instanceof ApiError) return this.#afterRefusal(error, random)
    if (error instanceof ConnectionFailed) return this.#afterClose(error)
    if (error instanceof UnreadableAnswer) return this.#afterBackoff(random)
    return undefined
  }

  #afterRefusal({ status, retryAfterSeconds }: ApiError, random: number): number | undefined {
    if (status === 401) {
      if (this.#wasUnauthorized) return undefined
      this.#wasUnauthorized = true
      return 0
    }
    // With these the server says that it has not acted.
    if (status === 429 || (status === 503 && retryAfterSeconds !== undefined)) {
      return Math.max((retryAfterSeconds ?? 0) * 1000, this.#backoff.next(random))
    }
    return status >= 500 ? this.#afterBackoff(random) : undefined
  }

  /** An idle connection may be closed just as it is used again, as by each restart of the API server. */
  #afterClose({ wasClosed }: ConnectionFailed): number | undefined {
    if (!wasClosed || this.#wasClosed || this.#repeatable === 'Once') return undefined
    this.#wasClosed = true
    return 0
  }

  /** What a write has done before it failed is for its caller to find out. */
  #afterBackoff(random: number): number | undefined {
    return this.#repeatable === 'Read' ? this.#backoff.next(random) : undefined
  }
}
