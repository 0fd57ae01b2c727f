import type { Logger } from 'pino'
import type { Client } from './client.ts'
import { type Clock, sleep, systemClock } from './clock.ts'
import { ApiError, ConnectionFailed, type Request, refusalOf } from './errors.ts'
import { ListOrigin } from './list-origin.ts'
import { readList } from './lister.ts'
import type { KubeObject, WatchEvent } from './object.ts'
import type { Selection } from './query.ts'
import { type Listener, Replica } from './replica.ts'
import type { Place, Resource } from './resource.ts'
import { Resumption } from './resumption.ts'
import type { Store } from './store.ts'

const PAGE_SIZE = 500
/** Watches last once to twice as long, so that they do not all begin again together. */
const SHORTEST_WATCH_SECONDS = 300
/** A watch that told us something, or just lasted so long, was a good one. */
const HEALTHY_MS = 120_000
/** One that ends within that is not to be replaced by the next at once. */
const SHORTEST_WATCH_MS = 1000

export interface ReflectorOptions<T> extends Selection, Pick<Place, 'namespace'> {
  client: Pick<Client, 'list' | 'watch'>
  resource: Resource
  /** What is to stay in memory of an object: its name, namespace, uid and resourceVersion must; `managedFields` never does. */
  keep?: ((object: T) => T) | undefined
  /**
   * Lists what the API server has in memory, which costs it less than the newest and may be some seconds old, but never older
   * than what was here before. For kinds with many readers that each want a few of very many.
   */
  listsFromCache?: boolean | undefined
  log: Logger
  clock?: Clock | undefined
  pageSize?: number | undefined
  /** From 0 to 1. */
  random?: (() => number) | undefined
}

/**
 * Keeps a store equal to what the API server has of one kind: lists, then watches from there, and whenever the watch ends goes
 * on where it was; lists again only if the API server does not remember so far back.
 */
export class Reflector<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>
  readonly #clock: Clock
  readonly #random: () => number
  readonly #log: Logger
  readonly #replica: Replica<T>
  readonly #resumption = new Resumption()
  readonly #origin: ListOrigin
  readonly #synced = Promise.withResolvers<void>()
  /** The state that the store is in; undefined: none, for it was never listed. */
  #resourceVersion: string | undefined
  #mustList = true
  #hasSynced = false

  constructor(options: ReflectorOptions<T>) {
    const { resource, clock = systemClock, random = Math.random } = options
    this.#options = options
    this.#clock = clock
    this.#random = random
    this.#origin = new ListOrigin(options.listsFromCache ?? false)
    this.#log = options.log.child({ resource: resource.plural })
    this.#replica = new Replica<T>({ keep: options.keep, log: this.#log })
  }

  get store(): Store<T> {
    return this.#replica.store
  }

  /** Whether the store has once been complete. */
  get hasSynced(): boolean {
    return this.#hasSynced
  }

  /** Resolves when the store has once been complete: never, if the reflector is stopped before. */
  get synced(): Promise<void> {
    return this.#synced.promise
  }

  /**
   * Tells every change of the store after it has been made; what is already there is not told. One name with another uid is told
   * as deleted and added. A listener that throws is logged, and told the next change as before.
   */
  on(listener: Listener<T>): Disposable {
    return this.#replica.on(listener)
  }

  /** Ends only by the signal, and then resolves. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#mustList) await this.#list(signal)
        await this.#watch(signal)
      } catch (error) {
        if (!signal.aborted) await this.#pause(error, signal)
      }
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { client, resource, pageSize = PAGE_SIZE } = this.#options
    const resourceVersion = this.#origin.after(this.#resourceVersion)
    const query = { ...this.#selection(), limit: pageSize, resourceVersion }
    const census = this.#replica.census()
    try {
      this.#resourceVersion = await readList(client, resource, query, census, signal)
    } catch (error) {
      this.#origin.failed(error)
      throw error
    }
    census.end()
    this.#mustList = false
    this.#origin.succeeded()
    this.#hasSynced = true
    this.#synced.resolve()
    this.#log.debug({ objects: this.store.size }, 'listed')
  }

  /** Returns when the server ends the watch in its time. */
  async #watch(signal: AbortSignal): Promise<void> {
    const { client, resource } = this.#options
    const query = {
      ...this.#selection(),
      resourceVersion: this.#resourceVersion,
      timeoutSeconds: Math.floor(SHORTEST_WATCH_SECONDS * (1 + this.#random())),
      allowWatchBookmarks: true,
    }
    const beganMs = this.#clock.monotonicMs()
    const lastedMs = () => this.#clock.monotonicMs() - beganMs
    try {
      for await (const event of client.watch<T>(resource, query, signal)) this.#take(event)
    } finally {
      const isFurther = this.#resourceVersion !== query.resourceVersion
      if (isFurther || lastedMs() >= HEALTHY_MS) this.#resumption.reset()
    }
    if (lastedMs() < SHORTEST_WATCH_MS) throw new ConnectionFailed(this.#request, 'it ended at once')
  }

  #take(event: WatchEvent<T>): void {
    if (event.type === 'ERROR') throw new ApiError(this.#request, refusalOf(event.object))
    this.#resourceVersion = this.#replica.take(event) ?? this.#resourceVersion
  }

  async #pause(error: unknown, signal: AbortSignal): Promise<void> {
    const { waitMs, mustList, isFirst } = this.#resumption.after(error, this.#random())
    if (mustList) this.#mustList = true
    const level = isFirst ? 'warn' : 'debug'
    this.#log[level]({ err: error, waitMs, mustList: this.#mustList }, 'goes on after a failure')
    await sleep(this.#clock, waitMs, signal).catch(() => {})
  }

  #selection() {
    const { namespace, labelSelector, fieldSelector } = this.#options
    return { namespace, labelSelector, fieldSelector }
  }

  get #request(): Request {
    const { resource, namespace } = this.#options
    return { verb: 'watch', resource: resource.plural, namespace }
  }
}
