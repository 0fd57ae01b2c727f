/**
 * Byte strings one behind the other in one piece of memory, numbered from 0 in the order they came.
 * Nothing is allocated per key, and forgetting some of them moves the others together.
 */
export class KeyStore {
  size = 0
  readonly hashes: Int32Array
  private readonly lengths: Int32Array
  private readonly offsets: Int32Array
  private readonly memory: Uint8Array
  private readonly view: DataView // of the same memory
  private used = 0

  constructor(capacity: number, maxKeyBytes: number) {
    this.hashes = new Int32Array(capacity)
    this.lengths = new Int32Array(capacity)
    this.offsets = new Int32Array(capacity)
    // Room for nothing but longest keys; the kernel gives a page only once it is written to.
    this.memory = new Uint8Array(capacity * maxKeyBytes)
    this.view = new DataView(this.memory.buffer)
  }

  /** Whether the bytes [start, end) of the view are the key number `slot`. */
  holds(slot: number, hash: number, view: DataView, start: number, end: number): boolean {
    const length = (end - start) | 0
    if (this.hashes[slot] !== hash || this.lengths[slot] !== length) return false
    const mine = this.view
    let own = this.offsets[slot]
    let at = start
    for (const last = (end - 4) | 0; at < last; at = (at + 4) | 0) {
      if (view.getInt32(at, true) !== mine.getInt32(own, true)) return false
      own = (own + 4) | 0
    }
    if (length >= 4) {
      // The last four bytes overlap the ones before: no loop for the rest.
      return view.getInt32((end - 4) | 0, true) === mine.getInt32((this.offsets[slot] + length - 4) | 0, true)
    }
    while (at < end) if (view.getUint8(at++) !== mine.getUint8(own++)) return false
    return true
  }

  /** Stores the bytes [start, end) of the view as the next key; the caller sees to it that there is room. */
  push(hash: number, view: DataView, start: number, end: number): number {
    const slot = this.size++
    this.hashes[slot] = hash
    this.lengths[slot] = end - start
    this.offsets[slot] = this.used
    for (let at = start; at < end; at++) this.memory[this.used++] = view.getUint8(at)
    return slot
  }

  /**
   * Forgets every key `keep` says no to; the others move down, in order: `moved(from, to)` is told of each.
   */
  compact(keep: (slot: number) => boolean, moved: (from: number, to: number) => void): void {
    let kept = 0
    this.used = 0
    for (let slot = 0; slot < this.size; slot++) {
      if (!keep(slot)) continue
      const start = this.offsets[slot]
      const length = this.lengths[slot]
      this.memory.copyWithin(this.used, start, start + length)
      this.hashes[kept] = this.hashes[slot]
      this.lengths[kept] = length
      this.offsets[kept] = this.used
      this.used += length
      moved(slot, kept++)
    }
    this.size = kept
  }

  /** A copy of the key's bytes. */
  key(slot: number): Uint8Array {
    const start = this.offsets[slot]
    return this.memory.slice(start, start + this.lengths[slot])
  }
}
