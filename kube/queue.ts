import { type Clock, systemClock } from './clock.ts'
import { RateLimit } from './rate-limit.ts'

export interface WorkQueueOptions {
  rateLimit?: RateLimit
  clock?: Clock
  /** Told how long a key was in the queue, each time one is taken out of it. */
  onGet?: (key: string, waitedMs: number) => void
}

type Getter = (key: string | undefined) => void

/**
 * Keys to be worked on, with the semantics of client-go's work queue: a key stands in it once however often it
 * is added, nobody gets a key that another is working on, and one that is added meanwhile comes again.
 */
export class WorkQueue {
  readonly #rateLimit: RateLimit
  readonly #clock: Clock
  readonly #onGet: WorkQueueOptions['onGet']
  /** In line, with the time since when. */
  readonly #ready = new Map<string, number>()
  readonly #working = new Set<string>()
  /** Added while being worked on. */
  readonly #again = new Map<string, number>()
  readonly #later = new Map<string, { readyMs: number; timer: Disposable }>()
  readonly #getters: Getter[] = []
  readonly #drained = Promise.withResolvers<void>()
  #isShuttingDown = false

  constructor({ rateLimit = new RateLimit(), clock = systemClock, onGet }: WorkQueueOptions = {}) {
    this.#rateLimit = rateLimit
    this.#clock = clock
    this.#onGet = onGet
  }

  /** How many keys could be worked on now. */
  get length(): number {
    return this.#ready.size
  }

  add(key: string): void {
    if (this.#isShuttingDown) return
    const line = this.#working.has(key) ? this.#again : this.#ready
    if (line.has(key)) return
    line.set(key, this.#clock.monotonicMs())
    this.#serve()
  }

  /** Adds the key once that time has passed; of several times the earliest counts. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#isShuttingDown) return
    if (!(milliseconds > 0)) {
      this.add(key)
      return
    }
    const readyMs = this.#clock.monotonicMs() + milliseconds
    const other = this.#later.get(key)
    if (other && other.readyMs <= readyMs) return
    other?.timer[Symbol.dispose]()
    const timer = this.#clock.after(milliseconds, () => {
      this.#later.delete(key)
      this.add(key)
    })
    this.#later.set(key, { readyMs, timer })
  }

  /** Adds what failed again when the rate limit says so: later after each failure, until it is forgotten. */
  addRateLimited(key: string): void {
    this.addAfter(key, this.#rateLimit.delayMs(key, this.#clock.monotonicMs()))
  }

  /** It has succeeded: its next failure is a first one. */
  forget(key: string): void {
    this.#rateLimit.forget(key)
  }

  retries(key: string): number {
    return this.#rateLimit.retries(key)
  }

  /** The next key, as soon as there is one; undefined once the queue is shut down and empty. Each needs its `done`. */
  get(): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>()
    this.#getters.push(resolve)
    this.#serve()
    return promise
  }

  done(key: string): void {
    this.#working.delete(key)
    const since = this.#again.get(key)
    if (since !== undefined) {
      this.#again.delete(key)
      this.#ready.set(key, since)
    }
    this.#serve()
  }

  /** Takes nothing more, forgets what was to come later, and resolves when all that stood in line is done. */
  shutDown(): Promise<void> {
    this.#isShuttingDown = true
    for (const { timer } of this.#later.values()) timer[Symbol.dispose]()
    this.#later.clear()
    this.#serve()
    return this.#drained.promise
  }

  #serve(): void {
    for (const [key, since] of this.#ready) {
      const getter = this.#getters.shift()
      if (!getter) return
      this.#ready.delete(key)
      this.#working.add(key)
      this.#onGet?.(key, this.#clock.monotonicMs() - since)
      getter(key)
    }
    if (!this.#isShuttingDown) return
    // A key that is added again by its own worker still comes: the queue is empty only when nobody works.
    if (this.#again.size === 0) for (const getter of this.#getters.splice(0)) getter(undefined)
    if (this.#working.size === 0) this.#drained.resolve()
  }
}
