import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { altered } from './altered.ts'
import { type ApiRequest, apiRequest, isWrite } from './api-request.ts'
import { type Certificate, localCertificate } from './certificate.ts'
import { type Fault, statusOf } from './fault.ts'
import { Gate } from './gate.ts'
import { fits, type Match, type Rule, Rules } from './rules.ts'
import { type Place, passedOn, Upstream } from './upstream.ts'

/** A request as it came to the proxy. */
export interface Seen extends ApiRequest {
  readonly atMs: number
  readonly body: string
  readonly userAgent: string | undefined
  /** What befell it. */
  fault?: Fault['does']
  /** What the API server answered, if it was asked and did. */
  status?: number
}

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  body: Buffer
  seen: Seen
  /** Aborts when the client does not wait any more. */
  gone: AbortSignal
}

/** In front of the real API server; all goes through unless a rule says otherwise. */
export async function startFaultProxy(place: Place): Promise<FaultProxy> {
  const proxy = new FaultProxy(place, await localCertificate())
  await proxy.listen()
  return proxy
}

export class FaultProxy implements AsyncDisposable {
  /** PEM; whom a client is to trust. */
  readonly ca: string
  /** Since the start, oldest first. */
  readonly requests: Seen[] = []
  readonly #rules = new Rules()
  readonly #gate = new Gate()
  readonly #upstream: Upstream
  readonly #tls: TlsServer
  readonly #front: Server
  /** By the client's port: a TLS socket can't be reset, the one below it can. */
  readonly #sockets = new Map<number, Socket>()

  constructor(place: Place, { cert, key }: Certificate) {
    this.ca = cert
    this.#upstream = new Upstream(place)
    const options = { cert, key, keepAliveTimeout: 0 }
    this.#tls = createTlsServer(options, (request, response) => void this.#serve(request, response))
    // While it is cut off, a connection is accepted, for that the kernel does, and no more.
    this.#front = createServer({ noDelay: true }, socket => {
      this.#keep(socket)
      void this.#gate.passed().then(() => socket.destroyed || this.#tls.emit('connection', socket))
    })
  }

  get server(): string {
    return `https://127.0.0.1:${(this.#front.address() as AddressInfo).port}`
  }

  async listen(): Promise<void> {
    this.#front.listen(0, '127.0.0.1')
    await once(this.#front, 'listening')
  }

  /** From now on that befalls each request that fits, so many times at most. */
  inject(fault: Fault, match: Match = {}, times = Infinity): Rule {
    return this.#rules.add(fault, match, times)
  }

  /** Takes all faults away. */
  clear(): void {
    this.#rules.clear()
  }

  /**
   * From now on nothing comes through in either direction, until it is disposed of; then all that was on its way
   * arrives, also requests that nobody waits for any more, as packets do.
   */
  cut(): Disposable {
    this.#gate.shut()
    return { [Symbol.dispose]: () => this.#gate.open() }
  }

  /** Resets all connections as they are now. */
  dropConnections(): void {
    for (const socket of this.#sockets.values()) socket.resetAndDestroy()
  }

  /** The requests that were to change something. */
  writes(match: Match = {}): Seen[] {
    return this.requests.filter(request => isWrite(request) && fits(match, request))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#rules.clear()
    this.#gate.open()
    this.#front.close()
    for (const socket of this.#sockets.values()) socket.destroy()
    this.#upstream[Symbol.dispose]()
    await once(this.#front, 'close')
  }

  #keep(socket: Socket): void {
    const port = socket.remotePort!
    this.#sockets.set(port, socket)
    socket.on('close', () => this.#sockets.delete(port))
    socket.on('error', () => {})
  }

  #reset({ socket }: IncomingMessage): void {
    this.#sockets.get(socket.remotePort!)?.resetAndDestroy()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
      const seen: Seen = {
        ...apiRequest(request.method!, request.url!),
        atMs: performance.now(),
        body: body.toString(),
        userAgent: request.headers['user-agent'],
      }
      this.requests.push(seen)
      await this.#gate.passed()
      const fault = this.#rules.take(seen)
      if (fault) seen.fault = fault.does
      await this.#answer({ request, response, body, seen, gone: closing(response) }, fault)
    } catch {
      // The client is gone, or the API server is: as it would be without us.
      this.#reset(request)
    }
  }

  async #answer(exchange: Exchange, fault: Fault | undefined): Promise<void> {
    const { request, response, body, seen, gone } = exchange
    if (fault?.does === 'swallow') return
    if (fault?.does === 'reset') return this.#reset(request)
    if (fault?.does === 'refuse') return refuse(response, fault)
    if (fault?.does === 'errorEvent') return tellError(response, fault)
    if (fault?.does === 'hold') await fault.until
    // With these faults the API server is asked even if the client has died meanwhile.
    const isSent = fault?.does === 'hold' || fault?.does === 'loseAnswer'
    const answer = await this.#upstream.ask(request, body, isSent ? undefined : gone)
    seen.status = answer.statusCode!
    if (fault?.does !== 'loseAnswer') return this.#pass(answer, exchange, fault)
    await Array.fromAsync(answer)
    this.#reset(request)
  }

  async #pass(
    answer: IncomingMessage,
    { request, response, gone }: Exchange,
    fault: Fault | undefined,
  ): Promise<void> {
    await this.#gate.passed()
    response.writeHead(answer.statusCode!, passedOn(answer.headers))
    response.flushHeaders()
    const chunks = altered(answer as AsyncIterable<Buffer>, fault)
    for (;;) {
      const { done, value } = await chunks.next()
      await this.#gate.passed()
      if (done && value === 'end') response.end()
      if (done && value === 'reset') this.#reset(request)
      if (done) return
      if (!response.write(value)) await once(response, 'drain', { signal: gone })
    }
  }
}

function closing(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  return gone.signal
}

function refuse(response: ServerResponse, fault: Extract<Fault, { does: 'refuse' }>): void {
  const { status, retryAfterSeconds } = fault
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  })
  response.end(JSON.stringify(statusOf(fault)))
}

function tellError(response: ServerResponse, fault: Extract<Fault, { does: 'errorEvent' }>): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify({ type: 'ERROR', object: statusOf(fault) })}\n`)
}
