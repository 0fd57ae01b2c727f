import type { Clock } from './clock.ts'

/**
 * A signal that aborts with the first of others, or when time is up, until it is disposed of. Not AbortSignal.any:
 * the process's signal outlives millions of requests, and must not remember each.
 */
export class Deadline implements Disposable {
  readonly #controller = new AbortController()
  readonly #resources = new DisposableStack()
  readonly #timer: Disposable
  #isUp = false

  constructor(clock: Clock, milliseconds: number, ...others: (AbortSignal | undefined)[]) {
    for (const other of others) if (other) this.#follow(other)
    this.#timer = clock.after(milliseconds, () => {
      this.#isUp = !this.signal.aborted
      this.#controller.abort(new Error(`no answer within ${milliseconds / 1000} s`))
    })
    this.#resources.use(this.#timer)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Whether it was the time that ended it. */
  get isUp(): boolean {
    return this.#isUp
  }

  /** From now on there is time without end. */
  lift(): void {
    this.#timer[Symbol.dispose]()
  }

  /** Of what can't be aborted, we wait no longer for the result. */
  during<T>(promise: Promise<T>): Promise<T> {
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    const abort = () => reject(this.signal.reason)
    if (this.signal.aborted) abort()
    this.signal.addEventListener('abort', abort, { once: true })
    return Promise.race([promise, aborted]).finally(() => this.signal.removeEventListener('abort', abort))
  }

  [Symbol.dispose](): void {
    this.#resources.dispose()
  }

  #follow(other: AbortSignal): void {
    const abort = () => this.#controller.abort(other.reason)
    if (other.aborted) abort()
    other.addEventListener('abort', abort, { once: true })
    this.#resources.defer(() => other.removeEventListener('abort', abort))
  }
}
