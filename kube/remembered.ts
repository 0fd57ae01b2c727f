import type { Clock } from './clock.ts'

/** What is read again only when it may be out of date; whoever asks meanwhile waits for the same reading. */
export class Remembered<T> {
  readonly #read: () => Promise<T>
  readonly #forMs: number
  readonly #clock: Clock
  #reading: Promise<T> | undefined
  #readAtMs = Number.NEGATIVE_INFINITY

  /** @param forMs how long what was read is believed. A reading that fails is not believed at all. */
  constructor(read: () => Promise<T>, forMs: number, clock: Clock) {
    this.#read = read
    this.#forMs = forMs
    this.#clock = clock
  }

  get(): Promise<T> {
    const nowMs = this.#clock.monotonicMs()
    if (this.#reading && nowMs - this.#readAtMs < this.#forMs) return this.#reading
    const reading = this.#read()
    this.#reading = reading
    this.#readAtMs = nowMs
    reading.catch(() => this.#forget(reading))
    return reading
  }

  /** The next one who asks gets what is true then. */
  forget(): void {
    this.#reading = undefined
  }

  #forget(reading: Promise<T>): void {
    if (this.#reading === reading) this.forget()
  }
}
