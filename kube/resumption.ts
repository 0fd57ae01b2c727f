/** How a reflector goes on after a list or a watch failed. Pure: chance is an argument. */
import { Backoff } from './backoff.ts'
import { ApiError, ConnectionFailed, isGone } from './errors.ts'

const FIRST_MS = 800
const LONGEST_MS = 30_000
/**
 * Where there is no server, or it says itself when to come back, asking costs nobody anything; and once it is there our store
 * is to be right within seconds, however long it was away.
 */
const LONGEST_UNREACHABLE_MS = 5000
/** Refused so often, a watch is replaced by lists: slower, but true. */
const MOST_REFUSED_WATCHES = 5

interface Resume {
  waitMs: number
  /** The watch can't go on where it was. */
  mustList: boolean
  /** The first failure since all was well. */
  isFirst: boolean
}

export class Resumption {
  readonly #unreachable = new Backoff({ firstMs: FIRST_MS, longestMs: LONGEST_UNREACHABLE_MS })
  readonly #refused = new Backoff({ firstMs: FIRST_MS, longestMs: LONGEST_MS })

  /** All is well: the next failure is a first one. */
  reset(): void {
    this.#unreachable.reset()
    this.#refused.reset()
  }

  /** @param random from 0 to 1. */
  after(error: unknown, random: number): Resume {
    const isFirst = this.#unreachable.failures + this.#refused.failures === 0
    if (error instanceof ConnectionFailed) {
      return { waitMs: this.#unreachable.next(random), mustList: false, isFirst }
    }
    if (isToldToWait(error)) {
      // Later than told, and not all at once.
      const toldMs = Math.min((error.retryAfterSeconds ?? 0) * 1000, LONGEST_MS) * (1 + random / 2)
      return { waitMs: Math.max(toldMs, this.#unreachable.next(random)), mustList: false, isFirst }
    }
    const waitMs = this.#refused.next(random)
    const isOneTooMany = this.#refused.failures % MOST_REFUSED_WATCHES === 0
    return { waitMs, mustList: isOneTooMany || !mayPass(error), isFirst }
  }
}

function isToldToWait(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false
  return error.status === 429 || (error.status === 503 && error.retryAfterSeconds !== undefined)
}

/** Says nothing against the resourceVersion: who we are, and how the server is doing, may change. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ApiError) || isGone(error)) return false
  return error.status === 401 || error.status === 403 || error.status >= 500
}
