import type { Clock } from './clock.ts'

/** A clock that stands still until told; both of its times begin at `start`. */
export class FakeClock implements Clock {
  #now: number
  readonly #timers = new Set<{ at: number; call: () => void }>()

  constructor(start = Date.UTC(2026, 0, 1, 12)) {
    this.#now = start
  }

  wallMs(): number {
    return this.#now
  }

  monotonicMs(): number {
    return this.#now
  }

  after(milliseconds: number, call: () => void): Disposable {
    const timer = { at: this.#now + Math.max(0, milliseconds), call }
    this.#timers.add(timer)
    return { [Symbol.dispose]: () => this.#timers.delete(timer) }
  }

  /** How many timers are waiting. */
  get waiting(): number {
    return this.#timers.size
  }

  /** In how many milliseconds the next timer is due; undefined if none waits. */
  get next(): number | undefined {
    if (this.#timers.size === 0) return undefined
    return Math.min(...[...this.#timers].map(({ at }) => at)) - this.#now
  }

  /** Lets time pass: each timer is called at its own time, and what it set going may set others. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds
    await settled()
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.#now = Math.max(this.#now, due.at)
      this.#timers.delete(due)
      due.call()
      await settled()
    }
    this.#now = end
    await settled()
  }
}

/** Everything that can go on without time passing, or the outside answering, has. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>(resolve => setImmediate(resolve))
}
