import { KeyHash, randomFrom } from './key-hash.ts'
import { KeyStore } from './key-store.ts'
import { sampleMedian } from './median.ts'
import { Views } from './views.ts'

export interface FrequentKey {
  key: Uint8Array
  /** Never too high: the true count lies in [count, count + error]. */
  count: number
  error: number
  /** The key has maxKeyBytes bytes and stands for all keys that begin with them, the longer ones too. */
  cut: boolean
}

const TOTAL = 0
const MISSED = 1

/**
 * Counts byte strings in bounded memory and knows the most frequent: after Misra and Gries, with the purge of
 * the DataSketches "frequent items" sketch (when full, every key up to the median count goes at once).
 *
 * Exact while there are at most `capacity` different keys. After that no error exceeds about
 * 2 / capacity of the total, and a key that was there from the beginning has error 0.
 * Keys longer than `maxKeyBytes` are cut there, and counted together when they begin alike.
 */
export class Frequent {
  /** Slot numbers hold as long as this stays the same: a purge gives them out anew. */
  generation = 0
  private readonly capacity: number
  private readonly maxKeyBytes: number
  private readonly hash: KeyHash
  private readonly random: () => number
  private readonly views = new Views()
  private readonly keys: KeyStore
  private readonly table: Int32Array // open addressing: slot + 1, or 0 where free
  private readonly shift: number
  private readonly mask: number
  // Of each slot: the highest its count can be, and how much of that was never seen in the slot.
  private readonly highest: Float64Array
  private readonly errors: Float64Array
  private readonly cuts: Uint8Array
  // TOTAL: keys added. MISSED: the highest count a key without a slot can have. Typed, since a plain field
  // may be allocated anew for every number beyond 2^31.
  private readonly sums = new Float64Array(2)

  /**
   * `seed` is any 32-bit number, random where the keys may be hostile (see KeyHash). Slots are 0 … capacity -
   * 1. Throws RangeError unless capacity is in 1 … 65536, maxKeyBytes in 1 … 65535 and their product at most
   * 2^30.
   */
  constructor(capacity: number, maxKeyBytes: number, seed: number) {
    check('capacity', capacity, 65536) // the hash is good for 17 bits
    check('maxKeyBytes', maxKeyBytes, Math.min(65535, 2 ** 30 / capacity))
    this.capacity = capacity
    this.maxKeyBytes = maxKeyBytes
    this.hash = new KeyHash(seed, maxKeyBytes)
    this.random = randomFrom(~seed)
    this.keys = new KeyStore(capacity, maxKeyBytes)
    const bits = Math.ceil(Math.log2(capacity)) + 1 // so at least half of the table is free
    this.shift = 32 - bits
    this.mask = 2 ** bits - 1
    this.table = new Int32Array(2 ** bits)
    this.highest = new Float64Array(capacity)
    this.errors = new Float64Array(capacity)
    this.cuts = new Uint8Array(capacity)
  }

  /** How many keys were added, exactly. */
  get total(): number {
    return this.sums[TOTAL]
  }

  /** True once a key had to be forgotten: from then on counts may have errors and `top` may lack a key. */
  get approximate(): boolean {
    return this.sums[MISSED] > 0
  }

  /** Counts the key bytes[start, end) once. Returns its slot, which is good until `generation` changes. */
  add(bytes: Uint8Array, start: number, end: number): number {
    const view = this.views.of(bytes)
    const whole = end - start <= this.maxKeyBytes
    const last = whole ? end : start + this.maxKeyBytes
    const hash = this.hash.of(view, start, last)
    this.sums[TOTAL] += 1
    const table = this.table
    let probe = hash >>> this.shift
    for (let entry = table[probe]; entry !== 0; entry = table[probe]) {
      const slot = (entry - 1) | 0
      if (this.keys.holds(slot, hash, view, start, last)) {
        this.highest[slot] += 1
        if (!whole) this.cuts[slot] = 1
        return slot
      }
      probe = (probe + 1) & this.mask
    }
    return this.insert(hash, view, start, last, whole)
  }

  /** Counts the key of a slot once more; only while `generation` is what it was when `add` gave the slot. */
  again(slot: number): void {
    this.sums[TOTAL] += 1
    this.highest[slot] += 1
  }

  /** The k keys with the highest counts, highest first; copies. */
  top(k: number): FrequentKey[] {
    const { size } = this.keys
    const counts = this.highest.subarray(0, size).map((highest, slot) => highest - this.errors[slot])
    const slots = Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a])
    return slots.slice(0, k).map(slot => ({
      key: this.keys.key(slot),
      count: counts[slot],
      error: this.errors[slot],
      cut: this.cuts[slot] === 1,
    }))
  }

  private insert(hash: number, view: DataView, start: number, end: number, whole: boolean): number {
    if (this.keys.size === this.capacity) this.purge()
    const slot = this.keys.push(hash, view, start, end)
    this.errors[slot] = this.sums[MISSED]
    this.highest[slot] = this.sums[MISSED] + 1
    this.cuts[slot] = whole ? 0 : 1
    this.enter(slot)
    return slot
  }

  private enter(slot: number): void {
    let probe = this.keys.hashes[slot] >>> this.shift
    while (this.table[probe] !== 0) probe = (probe + 1) & this.mask
    this.table[probe] = slot + 1
  }

  private purge(): void {
    const missed = sampleMedian(this.highest.subarray(0, this.keys.size), this.random)
    this.table.fill(0)
    this.keys.compact(
      slot => this.highest[slot] > missed,
      (from, to) => {
        this.highest[to] = this.highest[from]
        this.errors[to] = this.errors[from]
        this.cuts[to] = this.cuts[from]
        this.enter(to)
      },
    )
    this.sums[MISSED] = missed
    this.generation++
  }
}

function check(name: string, value: number, most: number): void {
  if (!(Number.isInteger(value) && value >= 1 && value <= most))
    throw new RangeError(`${name} ${value} is not in 1 … ${most}`)
}
