/** How many events there may be about one object. Pure: the time is an argument. */
import { TokenBucket } from './token-bucket.ts'

// client-go's spam filter.
const BURST = 25
const PER_SECOND = 1 / 300
/** Objects that are remembered; client-go's too. */
const MOST_OBJECTS = 4096

export class EventLimit {
  /** The one asked for last stands last. */
  readonly #buckets = new Map<string, TokenBucket>()

  /** Whether there may be another event about the object. */
  take(object: string, nowMs: number): boolean {
    const bucket = this.#buckets.get(object) ?? new TokenBucket(PER_SECOND, BURST)
    this.#buckets.delete(object)
    this.#buckets.set(object, bucket)
    const [oldest] = this.#buckets.keys()
    if (this.#buckets.size > MOST_OBJECTS) this.#buckets.delete(oldest!)
    return bucket.take(nowMs)
  }
}
