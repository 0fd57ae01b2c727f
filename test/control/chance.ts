/** Chance that can be had again by its seed. Pure. */
export class Chance {
  #state: number

  /** @param seed a whole number */
  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** From 0 to less than 1; by mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number, both ends included. */
  between(lowest: number, highest: number): number {
    return lowest + Math.floor(this.next() * (highest - lowest + 1))
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)]!
  }
}
