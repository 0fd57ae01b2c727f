import type { Logger } from 'pino'
import { bootClock } from './boot-clock.ts'
import { type Clock, sleep } from './clock.ts'
import { Deadline } from './deadline.ts'
import { isConflict } from './errors.ts'
import { isFree } from './lease.ts'
import { type LeaseClient, LeaseLock } from './lease-lock.ts'
import { LeaseNews } from './lease-news.ts'
import { type Lead, Term } from './term.ts'

/** client-go's: a wait between tries is longer by up to so many times itself. */
const JITTER = 1.2
/** The process has five seconds to end. */
const RELEASE_MS = 3000

export interface ElectorOptions {
  /** Must still work after `run`'s signal has aborted: the Lease is released then. */
  client: LeaseClient
  namespace: string
  name: string
  /** No other process may have the same at the same time; a restarted one with the same goes on at once. */
  identity: string
  /** How long others wait for the leader's next sign of life before one of them takes over. */
  leaseSeconds?: number
  /** How long the leader acts without having renewed; what it sent has the rest of the Lease's time to arrive. */
  renewDeadlineSeconds?: number
  retrySeconds?: number
  log: Logger
  clock?: Clock
}

/**
 * Leader election by a Lease, with client-go's rules. What clocks show does not matter, as long as none runs half as
 * fast again as another.
 */
export class Elector {
  readonly #client: LeaseClient
  readonly #lock: LeaseLock
  readonly #times: { renewDeadlineMs: number; retryMs: number }
  readonly #log: Logger
  readonly #clock: Clock
  #term: Term | undefined

  constructor(options: ElectorOptions) {
    const { client, namespace, name, identity, log, clock = bootClock } = options
    const { leaseSeconds = 15, renewDeadlineSeconds = 10, retrySeconds = 2 } = options
    if (!identity) throw new RangeError('an empty identity is that of a Lease that nobody holds')
    if (!Number.isInteger(leaseSeconds)) throw new RangeError(`${leaseSeconds} is no whole number of seconds`)
    if (!(leaseSeconds > renewDeadlineSeconds))
      throw new RangeError(`a Lease of ${leaseSeconds} s ends before its leader, ${renewDeadlineSeconds} s`)
    if (!(retrySeconds > 0 && renewDeadlineSeconds > retrySeconds * JITTER))
      throw new RangeError(`${renewDeadlineSeconds} s leave no time for a retry after ${retrySeconds} s`)
    this.#client = client
    this.#lock = new LeaseLock(client, { namespace, name, identity, leaseSeconds }, clock)
    this.#times = { renewDeadlineMs: renewDeadlineSeconds * 1000, retryMs: retrySeconds * 1000 }
    this.#log = log.child({ lease: `${namespace}/${name}`, identity })
    this.#clock = clock
  }

  /** Never true while another process's is, also when this one has just been stopped for a while. */
  get isLeader(): boolean {
    return this.#term?.isHeld ?? false
  }

  /** The identity of who holds the Lease, as far as we know. */
  get leader(): string | undefined {
    return this.#lock.holder
  }

  /** To be asked right before each write. Once the answer is no, the signal of the lead has aborted. */
  mayWrite(): boolean {
    return this.#term?.check() ?? false
  }

  /**
   * Leads whenever it can. Ends, with the Lease released, when the signal aborts, or `lead` returns or throws without
   * being asked to; then it throws the same.
   * @param lead acts until its signal aborts, and returns soon after: until then nobody else is let in.
   */
  async run(signal: AbortSignal, lead: Lead): Promise<void> {
    for (;;) {
      const term = await this.#elected(signal)
      if (!term) return
      this.#term = term
      try {
        await term.serve(signal, lead)
      } finally {
        // Before the release: its answer may be lost, and then another leads while we wait for it.
        this.#term = undefined
        if (!term.isLost) await this.#release()
      }
      if (!term.isLost) return
    }
  }

  /** Undefined if the signal came first. */
  async #elected(signal: AbortSignal): Promise<Term | undefined> {
    using news = new LeaseNews(this.#client, this.#clock, this.#log)
    while (!signal.aborted) {
      const term = await this.#tried(signal)
      if (term) return term
      await this.#rest(news, signal)
    }
    return undefined
  }

  async #tried(signal: AbortSignal): Promise<Term | undefined> {
    const before = this.leader
    const term = { lock: this.#lock, clock: this.#clock, log: this.#log, ...this.#times }
    using deadline = new Deadline(term.clock, term.renewDeadlineMs / 2, signal)
    try {
      const askedMs = await term.lock.acquire(deadline.signal)
      if (this.leader !== before) term.log.info({ leader: this.leader }, 'the Lease has a new holder')
      return askedMs === undefined ? undefined : new Term({ ...term, askedMs })
    } catch (error) {
      // It may be ours all the same: the request was on its way.
      if (signal.aborted) await this.#release()
      else term.log[isConflict(error) ? 'debug' : 'warn']({ err: error }, "can't acquire the Lease")
      return undefined
    }
  }

  /** Until the Lease is free, or has run out, or was not heard of for as long as one waits between tries. */
  async #rest(news: LeaseNews, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const retryMs = this.#times.retryMs * (1 + JITTER * Math.random())
      const { lease, expiresInMs = retryMs } = this.#lock
      const restMs = Math.min(retryMs, expiresInMs)
      const heard = lease
        ? await news.after(lease, restMs, signal)
        : await sleep(this.#clock, restMs, signal).catch(() => undefined)
      if (!heard) return
      this.#lock.see(heard)
      if (isFree(heard)) return
    }
  }

  async #release(): Promise<void> {
    using deadline = new Deadline(this.#clock, RELEASE_MS)
    try {
      await this.#lock.release(deadline.signal)
      this.#log.info('released the Lease')
    } catch (error) {
      this.#log.warn({ err: error }, "can't release the Lease: others wait until it runs out")
    }
  }
}
