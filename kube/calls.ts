import type { Logger } from 'pino'
import type { Answer } from './answer.ts'
import type { Call } from './call.ts'
import { type Clock, sleep, systemClock } from './clock.ts'
import type { Credentials } from './credentials.ts'
import { Deadline } from './deadline.ts'
import { ApiError } from './errors.ts'
import { Exchange, type ExchangeOptions } from './exchange.ts'
import { Retries } from './retry.ts'

const REQUEST_TIMEOUT_SECONDS = 30

export interface FinishedRequest {
  verb: string
  /** Plural, with a "/" before a subresource. */
  resource: string
  /** HTTP's; 0 if there was no answer. */
  status: number
  /** Until the end of the answer; of a watch, until it began. */
  seconds: number
}

export interface CallsOptions extends ExchangeOptions {
  log: Logger
  /** Ends everything under way. */
  signal?: AbortSignal | undefined
  /** Told of every request, retries too. */
  onRequest?: ((request: FinishedRequest) => void) | undefined
  /** For one call with all its retries; of a watch, until it begins. Default: 30. */
  requestTimeoutSeconds?: number | undefined
}

/** Requests that are tried again where it is worth it, in bounded time. */
export class Calls implements AsyncDisposable {
  readonly #exchange: Exchange
  readonly #options: CallsOptions
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #closing = new AbortController()

  constructor(credentials: Credentials, options: CallsOptions) {
    const { clock = systemClock, requestTimeoutSeconds = REQUEST_TIMEOUT_SECONDS } = options
    this.#exchange = new Exchange(credentials, options)
    this.#options = options
    this.#clock = clock
    this.#timeoutMs = requestTimeoutSeconds * 1000
  }

  /**
   * What `read` makes of the answer; what it throws counts as a failed try. Throws it, ConnectionFailed, UnreadableAnswer, or
   * the signal's reason.
   */
  async answer<T>(call: Call, read: (answer: Answer) => T, signal?: AbortSignal): Promise<T> {
    using deadline = this.#deadline(signal)
    return await this.#retried(call, deadline, async () =>
      read(await this.#timed(call, () => this.#exchange.answer(call, deadline))),
    )
  }

  /** The bytes of an answer that has no end. Leaving the loop closes its connection; throws ApiError, and as `answer` does. */
  async *stream(call: Call, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    using deadline = this.#deadline(signal)
    const reply = await this.#retried(call, deadline, () =>
      this.#timed(call, () => this.#exchange.open(call, deadline)),
    )
    deadline.lift()
    yield* this.#exchange.bytes(call, reply, deadline)
  }

  /** The API server's time; this machine's before the first answer. */
  serverNow(): Date {
    return this.#exchange.serverNow()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error('the client is closed'))
    await this.#exchange[Symbol.asyncDispose]()
  }

  #deadline(signal: AbortSignal | undefined): Deadline {
    return new Deadline(this.#clock, this.#timeoutMs, signal, this.#options.signal, this.#closing.signal)
  }

  async #retried<T>({ repeatable }: Call, deadline: Deadline, attempt: () => Promise<T>): Promise<T> {
    const retries = new Retries(repeatable, this.#timeoutMs)
    const beganMs = this.#clock.monotonicMs()
    for (;;) {
      try {
        return await attempt()
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) this.#exchange.distrust()
        const waitMs = retries.next(error, this.#clock.monotonicMs() - beganMs, Math.random())
        if (waitMs === undefined || deadline.signal.aborted) throw error
        this.#options.log.debug({ err: error, waitMs }, 'a request is tried again')
        await sleep(this.#clock, waitMs, deadline.signal)
      }
    }
  }

  async #timed<T extends { status: number }>(
    { verb, resource }: Call,
    attempt: () => Promise<T>,
  ): Promise<T> {
    const beganMs = this.#clock.monotonicMs()
    const tell = (status: number) =>
      this.#options.onRequest?.({
        verb,
        resource,
        status,
        seconds: (this.#clock.monotonicMs() - beganMs) / 1000,
      })
    try {
      const reply = await attempt()
      tell(reply.status)
      return reply
    } catch (error) {
      tell(error instanceof ApiError ? error.status : 0)
      throw error
    }
  }
}
