/**
 * A seeded hash of byte strings for small tables: vector multiply-shift over 16-bit pieces.
 *
 * Paths are the attacker's text, so the hash must not be one whose collisions can be prepared. Here every
 * piece is multiplied by a random number of its own, so two different keys have the same hash with a
 * probability of at most 2^-17 for whoever doesn't know the seed, however they were chosen. (FNV and Murmur
 * have collisions that hold for every seed.) The products don't wait for one another, so it is fast as well.
 */
export class KeyHash {
  private readonly factors: Int32Array

  /** `seed` is any 32-bit number; it must be random where keys may be hostile. */
  constructor(seed: number, maxKeyBytes: number) {
    const random = randomFrom(seed)
    this.factors = Int32Array.from({ length: 4 + 2 * Math.ceil(maxKeyBytes / 4) }, random)
  }

  /**
   * Hash of the bytes [start, end) of the view, at most maxKeyBytes and 65535 of them.
   * Its high bits are the good ones: use `hash >>> (32 - bits)`, at most 17 bits.
   */
  of(view: DataView, start: number, end: number): number {
    const factors = this.factors
    // The length too, since zeros at the end of a shorter key would not show otherwise.
    let hash = (factors[0] + Math.imul(factors[1], end - start)) | 0
    let next = 2
    const last = (end - 4) | 0
    for (let at = start; at < last; at = (at + 4) | 0) {
      const word = view.getInt32(at, true)
      hash = (hash + Math.imul(factors[next], word & 0xffff)) | 0
      hash = (hash + Math.imul(factors[(next + 1) | 0], word >>> 16)) | 0
      next = (next + 2) | 0
    }
    // The last four bytes overlap the word before, which costs less than to look at them one by one.
    const word = last >= start ? view.getInt32(last, true) : fewBytes(view, start, end)
    hash = (hash + Math.imul(factors[next], word & 0xffff)) | 0
    hash = (hash + Math.imul(factors[(next + 1) | 0], word >>> 16)) | 0
    // So far numbered names lie in a row at equal distances, for some seeds hardly any. Scatter them.
    return Math.imul(hash ^ (hash >>> 15), 0x9e3779b1)
  }
}

function fewBytes(view: DataView, start: number, end: number): number {
  let word = 0
  for (let at = start; at < end; at++) word = (word << 8) | view.getUint8(at)
  return word
}

/** A generator of 32-bit numbers: Weyl sequence and Murmur's finaliser; any seed will do, 0 too. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return mixed ^ (mixed >>> 16)
  }
}
