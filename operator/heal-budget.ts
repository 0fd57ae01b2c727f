/**
 * How often the edited DaemonSet of a job may be put right, so that a fight with another manager stays bounded on both sides. Pure.
 */
import { TokenBucket } from '../kube/token-bucket.ts'

/** As many at once: somebody's `kubectl edit`, and a second thought. */
const BURST = 5
/** Also how long it takes, in seconds, until one that is spent is there again. */
export const HEAL_SECONDS = 60

export class HealBudget {
  readonly #buckets = new Map<string, TokenBucket>()

  /** Whether the job's DaemonSet may be put right now; if so, that is counted. `nowMs` must not go back. */
  take(uid: string, nowMs: number): boolean {
    const bucket = this.#buckets.get(uid) ?? new TokenBucket(1 / HEAL_SECONDS, BURST)
    this.#buckets.set(uid, bucket)
    return bucket.take(nowMs)
  }

  /** The job is gone. */
  forget(uid: string): void {
    this.#buckets.delete(uid)
  }
}
