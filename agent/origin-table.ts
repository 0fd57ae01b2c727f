/** From a cgroup's id to its origin, by the id's two halves: no number is allocated to look one up. Pure. */
import { type Origin, PENDING_ORIGIN } from './origin.ts'

/** More cgroups than a node has: at most half of the table is taken. */
export const MAX_CGROUPS = 32_768
const SLOTS = 2 * MAX_CGROUPS
const MASK = SLOTS - 1

export class OriginTable {
  size = 0
  readonly #lows = new Int32Array(SLOTS)
  readonly #highs = new Int32Array(SLOTS)
  readonly #origins: (Origin | undefined)[] = new Array(SLOTS).fill(undefined)
  // Most events come from the cgroup of the one before.
  #lastLow = 0
  #lastHigh = 0
  #last: Origin | undefined

  /** The halves as signed numbers. */
  get(low: number, high: number): Origin | undefined {
    if (low === this.#lastLow && high === this.#lastHigh && this.#last !== undefined) return this.#last
    const origin = this.#origins[this.#find(low, high)]
    this.#lastLow = low
    this.#lastHigh = high
    this.#last = origin
    return origin
  }

  /** False, and nothing is changed, if there is no room for another. */
  set(low: number, high: number, origin: Origin): boolean {
    const slot = this.#find(low, high)
    if (this.#origins[slot] === undefined) {
      if (this.size === MAX_CGROUPS) return false
      this.size++
      this.#lows[slot] = low
      this.#highs[slot] = high
    }
    this.#origins[slot] = origin
    this.#last = undefined
    return true
  }

  delete(low: number, high: number): void {
    let free = this.#find(low, high)
    if (this.#origins[free] === undefined) return
    this.size--
    this.#last = undefined
    // What stood behind it for want of a place moves up, so that no search ends too early.
    for (let slot = (free + 1) & MASK; this.#origins[slot] !== undefined; slot = (slot + 1) & MASK) {
      const home = homeOf(this.#lows[slot]!, this.#highs[slot]!)
      if (((slot - home) & MASK) < ((slot - free) & MASK)) continue
      this.#lows[free] = this.#lows[slot]!
      this.#highs[free] = this.#highs[slot]!
      this.#origins[free] = this.#origins[slot]
      free = slot
    }
    this.#origins[free] = undefined
  }

  /** Calls back with each cgroup about which something was told. */
  forEach(use: (low: number, high: number, origin: Origin) => void): void {
    for (let slot = 0; slot < SLOTS; slot++) {
      const origin = this.#origins[slot]
      if (origin !== undefined && origin !== PENDING_ORIGIN)
        use(this.#lows[slot]!, this.#highs[slot]!, origin)
    }
  }

  /** Where the id is, or where it would be. */
  #find(low: number, high: number): number {
    let slot = homeOf(low, high)
    while (this.#origins[slot] !== undefined && (this.#lows[slot] !== low || this.#highs[slot] !== high))
      slot = (slot + 1) & MASK
    return slot
  }
}

/** Ids are given out one after the other, so they are mixed. */
function homeOf(low: number, high: number): number {
  return (Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) >>> 16) & MASK
}
