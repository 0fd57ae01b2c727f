import type { Clock } from '../kube/clock.ts'

interface Stored {
  metadata: { uid?: string; resourceVersion?: string }
}

/** After so long the cache is right, whatever it says: the object may be gone again. */
const LONGEST_LAG_MS = 30_000

/** What we wrote and our cache has not seen yet, to be laid over it: nobody is to decide by what was true before his own write. */
export class OwnWrites<T extends Stored> {
  /** By the group they were written for, then by uid. */
  readonly #groups = new Map<string, Map<string, { object: T; untilMs: number }>>()
  /** The uids of what was deleted, and until when that may still overtake the answer to a write. */
  readonly #gone = new Map<string, number>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param group what the objects are looked up by, such as the uid of their job */
  wrote(group: string, object: T): void {
    if (this.isGone(object.metadata.uid ?? '')) return
    const written = this.#groups.get(group) ?? new Map()
    this.#groups.set(group, written)
    const untilMs = this.#clock.monotonicMs() + LONGEST_LAG_MS
    written.set(object.metadata.uid ?? '', { object, untilMs })
  }

  /** The object of that uid was deleted: that is newer than any write, also one whose answer is still on its way. */
  gone(group: string, uid: string): void {
    this.#forget(group, uid)
    const nowMs = this.#clock.monotonicMs()
    // The oldest come first.
    for (const [each, untilMs] of this.#gone) {
      if (untilMs >= nowMs) break
      this.#gone.delete(each)
    }
    this.#gone.set(uid, nowMs + LONGEST_LAG_MS)
  }

  /** Whether it is known to have been deleted, lately. */
  isGone(uid: string): boolean {
    return this.#gone.has(uid)
  }

  /** In how many milliseconds the cache is believed again where it differs; undefined: it is now. */
  unseenMs(group: string): number | undefined {
    const written = this.#groups.get(group)
    if (!written) return undefined
    const untilMs = Math.min(...Array.from(written.values(), each => each.untilMs))
    return Math.max(0, untilMs - this.#clock.monotonicMs()) + 1
  }

  /** What the cache holds of the group, with our own newer writes in its place. */
  over(group: string, cached: readonly T[]): readonly T[] {
    const written = this.#groups.get(group)
    if (!written) return cached
    const nowMs = this.#clock.monotonicMs()
    for (const [uid, { untilMs }] of written) if (untilMs < nowMs) this.#forget(group, uid)
    for (const each of cached) {
      const ours = written.get(each.metadata.uid ?? '')
      if (ours && !isOlder(each, ours.object)) this.#forget(group, each.metadata.uid ?? '')
    }
    const others = cached.filter(({ metadata }) => !written.has(metadata.uid ?? ''))
    return [...others, ...Array.from(written.values(), ({ object }) => object)]
  }

  #forget(group: string, uid: string): void {
    const written = this.#groups.get(group)
    written?.delete(uid)
    if (written?.size === 0) this.#groups.delete(group)
  }
}

/** Versions of one resource can be compared as whole numbers (Kubernetes says so since 1.35, and it was always true of etcd). */
function isOlder(a: Stored, b: Stored): boolean {
  const [left, right] = [a, b].map(({ metadata }) => metadata.resourceVersion ?? '')
  if (left.length !== right.length) return left.length < right.length
  return left < right
}
