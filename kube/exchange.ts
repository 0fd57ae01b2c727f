import { type Answer, refused } from './answer.ts'
import { breakageOf } from './breakage.ts'
import type { Call } from './call.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Credentials } from './credentials.ts'
import type { Deadline } from './deadline.ts'
import { ConnectionFailed, UnreadableAnswer } from './errors.ts'
import { ServerClock } from './server-clock.ts'
import { type Reply, Transport } from './transport.ts'

/** An unpaged list of thousands of objects is some ten megabytes. */
const LONGEST_ANSWER_BYTES = 256 * 1024 * 1024

export interface ExchangeOptions {
  /** Like "tracejob-operator/0.1.0"; what stands before the slash is the field manager of what we write. */
  userAgent: string
  /** A longer one is not read. Default: 256 MiB. */
  longestAnswerBytes?: number | undefined
  clock?: Clock | undefined
}

/** Single requests as whom we are: one try, and its failure in words of ours. */
export class Exchange implements AsyncDisposable {
  readonly #credentials: Credentials
  readonly #userAgent: string
  readonly #longestAnswerBytes: number
  readonly #clock: Clock
  readonly #transport: Transport
  readonly #serverClock = new ServerClock()

  constructor(credentials: Credentials, options: ExchangeOptions) {
    const { userAgent, longestAnswerBytes = LONGEST_ANSWER_BYTES, clock = systemClock } = options
    this.#credentials = credentials
    this.#userAgent = userAgent
    this.#longestAnswerBytes = longestAnswerBytes
    this.#clock = clock
    this.#transport = new Transport(credentials)
  }

  /** Throws ConnectionFailed, UnreadableAnswer, or the reason of the deadline's signal; a refusal is an answer. */
  async answer(call: Call, deadline: Deadline): Promise<Answer> {
    const { status, headers, body } = await this.#send(call, deadline)
    return { status, headers, text: await this.#text(call, body, deadline) }
  }

  /** An answer that has no end, and is a refusal (ApiError) or to be read by `bytes`; throws as `answer` does. */
  async open(call: Call, deadline: Deadline): Promise<Reply> {
    const reply = await this.#send(call, deadline)
    if (reply.status === 200) return reply
    throw refused(call, { ...reply, text: await this.#text(call, reply.body, deadline) })
  }

  /** Ends with the answer, or when the server has been silent for as long as the call allows. Leaving the loop closes the connection. */
  async *bytes(call: Call, { body }: Pick<Reply, 'body'>, deadline: Deadline): AsyncGenerator<Uint8Array> {
    try {
      yield* body
    } catch (error) {
      if (!isSilence(error)) throw this.#failed(call, error, deadline)
    }
  }

  /** After a 401: what is remembered of the credentials may be out of date. */
  distrust(): void {
    this.#credentials.refused()
  }

  serverNow(): Date {
    return new Date(this.#serverClock.now(this.#clock.monotonicMs()) ?? this.#clock.wallMs())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#transport[Symbol.asyncDispose]()
  }

  async #send(call: Call, deadline: Deadline): Promise<Reply> {
    const { method, path, body, silenceMs } = call
    const headers = await this.#headers(call, deadline)
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const sentMs = this.#clock.monotonicMs()
    try {
      const message = { method, path, headers, body: text, silenceMs }
      const reply = await this.#transport.send(message, deadline.signal)
      this.#hear(reply, sentMs)
      return reply
    } catch (error) {
      throw this.#failed(call, error, deadline)
    }
  }

  async #headers(call: Call, deadline: Deadline): Promise<Record<string, string>> {
    const { impersonate } = this.#credentials
    const authorization = await this.#authorization(call, deadline)
    return {
      accept: 'application/json',
      'user-agent': this.#userAgent,
      ...(call.body !== undefined && { 'content-type': call.contentType ?? 'application/json' }),
      ...(authorization !== undefined && { authorization }),
      ...(impersonate !== undefined && { 'impersonate-user': impersonate }),
    }
  }

  async #authorization(call: Call, deadline: Deadline): Promise<string | undefined> {
    try {
      return await deadline.during(this.#credentials.authorization())
    } catch (error) {
      if (deadline.signal.aborted) throw this.#failed(call, error, deadline)
      const why = `no credentials: ${(error as Error).message}`
      throw new ConnectionFailed(call, why, { neverSent: true, cause: error })
    }
  }

  async #text(call: Call, body: Reply['body'], deadline: Deadline): Promise<string> {
    const longest = this.#longestAnswerBytes
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of this.bytes(call, { body }, deadline)) {
      bytes += chunk.length
      if (bytes > longest) throw new UnreadableAnswer(call, `the answer is longer than ${longest} bytes`)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks, bytes).toString('utf8')
  }

  /** A date that a cache remembered is no use. */
  #hear({ headers }: Reply, sentMs: number): void {
    if (typeof headers.date !== 'string' || headers.age !== undefined) return
    this.#serverClock.heard(headers.date, sentMs, this.#clock.monotonicMs())
  }

  /** What to throw: the caller's own reason, where it was the caller who ended it. */
  #failed(call: Call, error: unknown, deadline: Deadline): unknown {
    const { aborted, reason } = deadline.signal
    if (deadline.isUp) return new ConnectionFailed(call, reason.message)
    if (aborted) return reason
    const breakage = breakageOf(error)
    if (breakage.isTls) this.distrust()
    return new ConnectionFailed(call, breakage.why, { ...breakage, cause: error })
  }
}

function isSilence(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'UND_ERR_BODY_TIMEOUT'
}
