import { type Dispatcher, Pool, ProxyAgent } from 'undici'
import type { Call } from './call.ts'
import type { Credentials, Tls } from './credentials.ts'

const CONNECT_MS = 10_000
/** The API server closes what was idle for 90 s: we are to be the first. */
const KEEP_ALIVE_MS = 60_000
/** Then a peer that is gone is found out within ten probes, a second apart. */
const PROBE_AFTER_MS = 30_000

interface Message extends Pick<Call, 'method' | 'path' | 'silenceMs'> {
  headers: Record<string, string>
  body?: string | undefined
}

export interface Reply {
  status: number
  headers: Dispatcher.ResponseData['headers']
  /** To be read to its end or destroyed, else its connection is never free again. */
  body: Dispatcher.ResponseData['body']
}

/**
 * The connections to one API server, kept between requests, and new ones when the credentials have other certificates.
 * HTTP/1.1: in HTTP/2 all requests would share a connection, and a stuck one hold up everything.
 */
export class Transport implements AsyncDisposable {
  readonly #credentials: Credentials
  readonly #origin: string
  readonly #prefix: string
  /** With those of before, which still end their requests. */
  readonly #open = new Set<Dispatcher>()
  #current: { tls: Tls; dispatcher: Dispatcher } | undefined

  constructor(credentials: Credentials) {
    const { origin, pathname } = new URL(credentials.server)
    this.#credentials = credentials
    this.#origin = origin
    this.#prefix = pathname.replace(/\/+$/, '')
  }

  send({ method, path, headers, body, silenceMs = 0 }: Message, signal: AbortSignal): Promise<Reply> {
    return this.#dispatcher()
      .request({
        origin: this.#origin,
        path: this.#prefix + path,
        method,
        headers,
        signal,
        body: body ?? null,
        headersTimeout: 0,
        bodyTimeout: silenceMs,
      })
      .then(({ statusCode, headers, body }) => ({ status: statusCode, headers, body }))
  }

  /** Ends what is under way, watches too. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#open].map(dispatcher => dispatcher.destroy()))
  }

  #dispatcher(): Dispatcher {
    const { tls, proxy } = this.#credentials
    if (this.#current?.tls === tls) return this.#current.dispatcher
    if (this.#current) this.#retire(this.#current.dispatcher)
    const dispatcher = dispatcherOf(this.#origin, tls, proxy)
    this.#open.add(dispatcher)
    this.#current = { tls, dispatcher }
    return dispatcher
  }

  #retire(dispatcher: Dispatcher): void {
    const forget = () => this.#open.delete(dispatcher)
    dispatcher.close().then(forget, forget)
  }
}

function dispatcherOf(origin: string, tls: Tls, proxy: string | undefined): Dispatcher {
  const connect = { ...tls, timeout: CONNECT_MS, keepAlive: true, keepAliveInitialDelay: PROBE_AFTER_MS }
  const options = { allowH2: false, keepAliveTimeout: KEEP_ALIVE_MS }
  if (!proxy) return new Pool(origin, { ...options, connect })
  const { timeout: _, ...requestTls } = connect
  return new ProxyAgent({ ...options, uri: proxy, requestTls, connectTimeout: CONNECT_MS })
}
