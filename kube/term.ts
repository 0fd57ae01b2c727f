import type { Logger } from 'pino'
import { type Clock, sleep } from './clock.ts'
import { Deadline } from './deadline.ts'
import type { LeaseLock } from './lease-lock.ts'

/** The lead is another's, or may soon be. */
export class LeaseLost extends Error {
  override name = 'LeaseLost'
}

export type Lead = (signal: AbortSignal) => Promise<void>

export interface TermOptions {
  lock: LeaseLock
  renewDeadlineMs: number
  retryMs: number
  log: Logger
  clock: Clock
  /** When the Lease was asked for, by the monotonic clock: others count from when that arrived, which is later. */
  askedMs: number
}

/** The time from one taking of the Lease to its loss or release. */
export class Term {
  readonly #options: TermOptions
  readonly #end = new AbortController()
  #renewedMs: number
  #isLost = false

  constructor(options: TermOptions) {
    this.#options = options
    this.#renewedMs = options.askedMs
  }

  get isLost(): boolean {
    return this.#isLost
  }

  /** By the time of the last renewal, so it is right also when this process has just been stopped for a while. */
  get isHeld(): boolean {
    return !this.#isLost && this.#leftMs > 0
  }

  /** Whether it is held; if not, it is over from now on. */
  check(): boolean {
    if (!this.isHeld) this.#lose('it was not renewed in time')
    return !this.#isLost
  }

  /**
   * Lets `lead` act, and renews until it has returned: its signal aborts with `signal`, or when the Lease is lost.
   * Throws what `lead` throws before that.
   */
  async serve(signal: AbortSignal, lead: Lead): Promise<void> {
    if (!this.check()) return
    const end = () => this.#end.abort(signal.reason)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
    const ended = new AbortController()
    const kept = this.#keep(ended.signal)
    try {
      await lead(this.#end.signal)
    } catch (error) {
      if (!this.#end.signal.aborted) throw error
      this.#options.log.debug({ err: error }, 'the lead broke off')
    } finally {
      signal.removeEventListener('abort', end)
      ended.abort()
      await kept
    }
  }

  get #leftMs(): number {
    return this.#renewedMs + this.#options.renewDeadlineMs - this.#options.clock.monotonicMs()
  }

  async #keep(ended: AbortSignal): Promise<void> {
    const { clock, retryMs } = this.#options
    for (let nextMs = this.#renewedMs + retryMs; ; ) {
      using _ = clock.after(this.#leftMs, () => this.check())
      await sleep(clock, nextMs - clock.monotonicMs(), ended).catch(() => {})
      if (ended.aborted || !this.check()) return
      nextMs = clock.monotonicMs() + retryMs
      await this.#renew(ended)
    }
  }

  async #renew(ended: AbortSignal): Promise<void> {
    const { lock, renewDeadlineMs, log, clock } = this.#options
    // Half of it, so that a connection that went silent leaves time for another.
    using deadline = new Deadline(clock, renewDeadlineMs / 2, ended)
    try {
      const askedMs = await lock.renew(deadline.signal)
      if (askedMs === undefined) this.#lose('it is no longer ours')
      else this.#renewedMs = askedMs
    } catch (error) {
      if (!ended.aborted) log.warn({ err: error }, "can't renew the Lease")
    }
  }

  #lose(why: string): void {
    if (this.#isLost) return
    this.#isLost = true
    this.#options.log.warn({ why }, 'lost the Lease')
    this.#end.abort(new LeaseLost(`lost the Lease: ${why}`))
  }
}
