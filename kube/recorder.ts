import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { type Clock, systemClock } from './clock.ts'
import { Deadline } from './deadline.ts'
import { ApiError } from './errors.ts'
import type { Occurrence, Reporter } from './event.ts'
import type { Series } from './event-series.ts'
import { EventTable, type Refused } from './event-table.ts'
import { createEvent, type EventClient, isHopeless, updateEvent } from './event-write.ts'
import { WorkQueue } from './queue.ts'
import { RateLimit } from './rate-limit.ts'

/** client-go's. */
const MOST_TRIES = 12
const TRY_MS = 10_000
const RETRY = { firstMs: 1000, longestMs: 60_000 }

export interface EventRecorderOptions extends Reporter {
  client: EventClient
  log: Logger
  clock?: Clock
}

export type Dropped = Readonly<Record<Refused | 'Failed', number>>

/**
 * Tells people by Events what happened to their objects. What happens again within six minutes is counted in the series
 * of the first. Best effort: bounded in memory and requests, and nothing waits for it.
 */
export class EventRecorder implements AsyncDisposable {
  readonly #client: EventClient
  readonly #log: Logger
  readonly #clock: Clock
  readonly #queue: WorkQueue
  readonly #table: EventTable
  readonly #dropped = { RateLimited: 0, TooMany: 0, Failed: 0 }
  readonly #stop = new AbortController()
  readonly #work: Promise<void>

  constructor({ client, log, clock = systemClock, ...reporter }: EventRecorderOptions) {
    this.#client = client
    this.#log = log
    this.#clock = clock
    this.#queue = new WorkQueue({ clock, rateLimit: new RateLimit(RETRY) })
    this.#table = new EventTable(reporter)
    this.#work = this.#run()
  }

  /** Occurrences that nobody was told of. */
  get dropped(): Dropped {
    return this.#dropped
  }

  /** Returns at once, and never throws. */
  record(occurrence: Occurrence): void {
    try {
      const now = new Date(this.#clock.wallMs())
      const unique = randomBytes(8).toString('hex')
      const added = this.#table.add(occurrence, now, this.#clock.monotonicMs(), unique)
      if (typeof added === 'string') this.#dropped[added]++
      else this.#queue.add(added.key)
    } catch (error) {
      this.#log.error({ err: error }, "can't record an event")
    }
  }

  /** Tells at once what is still owed, trying each once. Never throws. */
  async flush(signal?: AbortSignal): Promise<void> {
    for (const series of this.#table.owed()) {
      try {
        await this.#write(series, signal)
      } catch (error) {
        this.#log.warn({ err: error }, "can't write an event")
        if (!(error instanceof ApiError)) return
      }
    }
  }

  /** Tells nothing more: `flush` before. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#queue.shutDown()
    await this.#work
  }

  async #run(): Promise<void> {
    for (;;) {
      const key = await this.#queue.get()
      if (key === undefined) return
      if (!this.#stop.signal.aborted) await this.#serve(key)
      this.#queue.done(key)
    }
  }

  async #serve(key: string): Promise<void> {
    const series = this.#table.get(key)
    if (!series?.owed) return
    const waitMs = series.waitMs(this.#clock.monotonicMs())
    if (waitMs > 0) {
      this.#queue.addAfter(key, waitMs)
      return
    }
    using deadline = new Deadline(this.#clock, TRY_MS, this.#stop.signal)
    try {
      await this.#write(series, deadline.signal)
      this.#queue.forget(key)
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#fail(key, error)
    }
  }

  #fail(key: string, error: unknown): void {
    if (!isHopeless(error) && this.#queue.retries(key) + 1 < MOST_TRIES) {
      this.#log.debug({ err: error }, "can't write an event yet")
      this.#queue.addRateLimited(key)
      return
    }
    this.#log.warn({ err: error }, "can't write an event")
    this.#queue.forget(key)
    this.#dropped.Failed += this.#table.remove(key)
  }

  async #write(series: Series, signal: AbortSignal | undefined): Promise<void> {
    // More may happen while it is being written.
    const { count, event } = series
    const write = series.isCreated ? updateEvent : createEvent
    await write(this.#client, event, signal)
    series.wrote(count, this.#clock.monotonicMs())
  }
}
