import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import type { Lease } from './lease.ts'
import type { LeaseClient } from './lease-lock.ts'
import { LEASES } from './resource.ts'

/** client-go's: between these two, so that not all watches end at once. */
const WATCH_SECONDS = [300, 600] as const

/**
 * What a watch tells of one Lease, so that a candidate hears at once that it is free, and sees each renewal when
 * it happens. Hints only: where the watch fails, or falls silent, the candidate looks for itself.
 */
export class LeaseNews implements Disposable {
  readonly #client: LeaseClient
  readonly #clock: Clock
  readonly #log: Logger
  #watch: AbortController | undefined
  #latest: Lease | undefined
  /** The resourceVersion that the watch has come to. */
  #at: string | undefined
  #told = () => {}

  constructor(client: LeaseClient, clock: Clock, log: Logger) {
    this.#client = client
    this.#clock = clock
    this.#log = log
  }

  /**
   * What has happened to the Lease since, or the next that happens to it; undefined after that time without.
   * @param lease as last seen by other ways; a watch begins there if none is open.
   */
  async after(lease: Lease, milliseconds: number, signal: AbortSignal): Promise<Lease | undefined> {
    // It told nothing of a change that was seen by other ways: it lags far behind, or its connection is dead.
    if (!this.#latest && this.#at !== lease.metadata.resourceVersion) this[Symbol.dispose]()
    if (!this.#watch) void this.#open(lease)
    if (!this.#latest && !signal.aborted) await this.#wait(milliseconds, signal)
    const latest = this.#latest
    this.#latest = undefined
    return latest
  }

  async #wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const end = () => resolve()
    using _ = this.#clock.after(milliseconds, end)
    signal.addEventListener('abort', end)
    this.#told = end
    await promise
    signal.removeEventListener('abort', end)
  }

  /** The next `after` begins a new watch. */
  [Symbol.dispose](): void {
    this.#watch?.abort()
    this.#watch = undefined
    this.#latest = undefined
  }

  async #open({ metadata: { namespace, name, resourceVersion = '' } }: Lease): Promise<void> {
    const watch = new AbortController()
    this.#watch = watch
    this.#at = resourceVersion
    const [shortest, longest] = WATCH_SECONDS
    const query = {
      namespace,
      fieldSelector: `metadata.name=${name}`,
      resourceVersion,
      timeoutSeconds: Math.round(shortest + Math.random() * (longest - shortest)),
      allowWatchBookmarks: false,
    }
    try {
      for await (const { type, object } of this.#client.watch<Lease>(LEASES, query, watch.signal)) {
        if (watch.signal.aborted) return
        if (type === 'ERROR') break
        if (type === 'BOOKMARK') continue
        this.#at = object.metadata.resourceVersion
        this.#latest = type === 'DELETED' ? { metadata: object.metadata } : object
        this.#told()
      }
    } catch (error) {
      if (!watch.signal.aborted) this.#log.debug({ err: error }, 'the watch of the Lease broke')
    }
    if (this.#watch === watch) this.#watch = undefined
  }
}
