/** The real API server behind the proxy. */
import { readFileSync } from 'node:fs'
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { parse } from 'yaml'

export interface Place {
  server: string
  ca?: Buffer
  cert?: Buffer
  key?: Buffer
}

/** Of this connection only; and a compressed answer could not be cut where it hurts. */
const NOT_PASSED_ON = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'host',
  'accept-encoding',
]

/** As of a kubeconfig with one cluster and one user, who has a certificate. */
export function placeOf(kubeconfig: string): Place {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'))
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster
  const { 'client-certificate-data': cert, 'client-key-data': key } = users[0].user
  const [caPem, certPem, keyPem] = [ca, cert, key].map(text => Buffer.from(text ?? '', 'base64'))
  return { server, ca: caPem!, cert: certPem!, key: keyPem! }
}

export function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.includes(name)))
}

export class Upstream implements Disposable {
  readonly #place: Place
  readonly #module: typeof http | typeof https
  readonly #agent: http.Agent | https.Agent

  constructor(place: Place) {
    const { server, ...tls } = place
    this.#place = place
    this.#module = server.startsWith('https:') ? https : http
    this.#agent = server.startsWith('https:')
      ? new https.Agent({ keepAlive: true, ...tls })
      : new http.Agent({ keepAlive: true })
  }

  /** Resolves with the head of the answer; what it has of a body is still to be read. */
  ask(
    { method, url, headers }: IncomingMessage,
    body: Buffer,
    signal: AbortSignal | undefined,
  ): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const length = body.length > 0 ? { 'content-length': body.length } : {}
    const options = { method, agent: this.#agent, headers: { ...passedOn(headers), ...length }, signal }
    this.#module
      .request(this.#place.server + url, options, resolve)
      .on('error', reject)
      .end(body)
    return promise
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}
