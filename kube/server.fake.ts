import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { pino } from 'pino'
import type { Credentials } from './credentials.ts'

export interface Asked {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

/** What the server does about one request. */
export type Act = (response: ServerResponse, asked: Asked) => void

/** On loopback; answers as it is told, in turn, and its last answer from then on. */
export class FakeServer implements AsyncDisposable {
  readonly asked: Asked[] = []
  readonly sockets = new Set<Socket>()
  /** Connections ever made. */
  connections = 0
  readonly #server: Server
  readonly #isTls: boolean
  acts: Act[]

  private constructor(acts: Act[], tls: ServerOptions | undefined) {
    this.acts = acts
    this.#isTls = tls !== undefined
    const answer = (request: IncomingMessage, response: ServerResponse) =>
      void this.#answer(request, response)
    this.#server = tls ? createTlsServer(tls, answer) : createServer(answer)
    this.#server.on('connection', (socket: Socket) => {
      this.connections++
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
  }

  static async start(acts: Act | Act[], tls?: ServerOptions): Promise<FakeServer> {
    const server = new FakeServer([acts].flat(), tls)
    await server.listen()
    return server
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `${this.#isTls ? 'https' : 'http'}://127.0.0.1:${this.port}`
  }

  /** @param port of a server that was stopped, to come back as the same. */
  listen(port = 0): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', resolve)
    })
  }

  /** As by kill -9: every connection is reset. */
  async stop(): Promise<void> {
    const closed = new Promise<void>(resolve => this.#server.close(() => resolve()))
    for (const socket of this.sockets) socket.resetAndDestroy()
    await closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.stop()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = '', url = '', headers } = request
    const asked = { method, url, headers, body: Buffer.concat(chunks).toString() }
    this.asked.push(asked)
    const act = this.acts.length > 1 ? this.acts.shift() : this.acts[0]
    act?.(response, asked)
  }
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Act {
  return response =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body))
}

export function refusal(
  code: number,
  reason: string,
  message = 'no',
  headers: Record<string, string> = {},
): Act {
  return json({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code }, code, headers)
}

/** Begins an answer and does not end it: the test goes on with `response`. */
export function begin(...chunks: string[]): Act {
  return response => {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    for (const chunk of chunks) response.write(chunk)
  }
}

/** Sends these chunks, and ends. */
export function stream(...chunks: (string | Uint8Array)[]): Act {
  return response => {
    response.writeHead(200, { 'content-type': 'application/json' })
    for (const chunk of chunks) response.write(chunk)
    response.end()
  }
}

/** Sends these chunks, and breaks off. */
export function brokenOff(...chunks: string[]): Act {
  return response => {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
    const text = chunks.join('')
    if (text === '') response.socket?.resetAndDestroy()
    else response.write(text, () => response.socket?.resetAndDestroy())
  }
}

export const reset: Act = response => void response.socket?.resetAndDestroy()
export const silence: Act = () => {}

export function event(type: string, object: object): string {
  return JSON.stringify({ type, object }) + '\n'
}

export function credentialsFor(server: string, more: Partial<Credentials> = {}): Credentials {
  return { server, tls: {}, authorization: async () => undefined, refused() {}, ...more }
}

export const silentLog = pino({ level: 'silent' })
