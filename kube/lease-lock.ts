import type { Client } from './client.ts'
import type { Clock } from './clock.ts'
import { isAlreadyExists, isConflict, isNotFound } from './errors.ts'
import {
  type Candidate,
  expiryMs,
  isFree,
  isStillHeld,
  type Lease,
  type Observation,
  observed,
  released,
  renewed,
  stepTowards,
} from './lease.ts'
import { LEASES } from './resource.ts'

export type LeaseClient = Pick<Client, 'get' | 'create' | 'replace' | 'watch'>

/** A Lease at the API server, as one sees it who wants it or has it. Its resourceVersion decides who gets it. */
export class LeaseLock {
  readonly #client: LeaseClient
  readonly #candidate: Candidate
  readonly #clock: Clock
  #seen: Observation | undefined

  constructor(client: LeaseClient, candidate: Candidate, clock: Clock) {
    this.#client = client
    this.#candidate = candidate
    this.#clock = clock
  }

  /** As last seen. */
  get holder(): string | undefined {
    return this.#seen?.lease.spec?.holderIdentity || undefined
  }

  get lease(): Lease | undefined {
    return this.#seen?.lease
  }

  /** In how many milliseconds another's Lease runs out; undefined where there is nothing to wait for. */
  get expiresInMs(): number | undefined {
    if (!this.#seen || isFree(this.#seen.lease)) return undefined
    const left = expiryMs(this.#seen, this.#candidate) - this.#clock.monotonicMs()
    return left > 0 ? left : undefined
  }

  see(lease: Lease): void {
    this.#seen = observed(this.#seen, lease, this.#clock.monotonicMs())
  }

  /**
   * Takes the Lease if it may be taken. Returns when it was asked for, in milliseconds of the monotonic clock:
   * from then on it is ours; undefined if it is another's. Throws what the client throws.
   */
  async acquire(signal: AbortSignal): Promise<number | undefined> {
    const lease = await this.#get(signal)
    if (lease) this.see(lease)
    else this.#seen = undefined
    const step = stepTowards(this.#candidate, this.#seen, this.#clock.monotonicMs(), this.#now())
    if (step.do === 'wait') return undefined
    const askedMs = this.#clock.monotonicMs()
    if (step.do === 'replace') return this.#replaceWith(step.lease, signal)
    try {
      this.see(await this.#client.create(LEASES, step.lease, { signal }))
      return askedMs
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
    // Somebody was faster; who knows whose it is can watch it.
    const others = await this.#get(signal)
    if (others) this.see(others)
    return undefined
  }

  /** Returns when it was asked for; undefined if the Lease is no longer ours, or was not for a while. */
  async renew(signal: AbortSignal): Promise<number | undefined> {
    const held = this.#seen?.lease
    if (!held) return undefined
    try {
      return await this.#replaceWith(renewed(held, this.#candidate, this.#now()), signal)
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error
    }
    // Somebody wrote to it: we did, and had no answer; or just a label was changed; or it is lost.
    const lease = await this.#get(signal)
    if (!lease) return undefined
    this.see(lease)
    if (!isStillHeld(held, lease)) return undefined
    return this.#replaceWith(renewed(lease, this.#candidate, this.#now()), signal)
  }

  /** Lets others have it at once, if it is ours. */
  async release(signal: AbortSignal): Promise<void> {
    const seen = this.#seen?.lease
    let lease = this.#isOurs(seen) ? seen : await this.#get(signal)
    while (lease && this.#isOurs(lease)) {
      try {
        await this.#replaceWith(released(lease, this.#now()), signal)
        return
      } catch (error) {
        if (!isConflict(error) && !isNotFound(error)) throw error
      }
      lease = await this.#get(signal)
    }
  }

  #isOurs(lease: Lease | undefined): boolean {
    return lease?.spec?.holderIdentity === this.#candidate.identity
  }

  async #replaceWith(lease: Lease, signal: AbortSignal): Promise<number> {
    const askedMs = this.#clock.monotonicMs()
    this.see(await this.#client.replace<Lease>(LEASES, lease, { signal }))
    return askedMs
  }

  async #get(signal: AbortSignal): Promise<Lease | undefined> {
    const { namespace, name } = this.#candidate
    try {
      return await this.#client.get<Lease>(LEASES, { namespace, name }, { signal })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  #now(): Date {
    return new Date(this.#clock.wallMs())
  }
}
