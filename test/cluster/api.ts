/** The few requests that the test cluster itself makes, as its administrator. */
import { readFileSync } from 'node:fs'
import { Agent, request } from 'undici'
import { certificateOf, keyOf, type Places, serverOf } from './places.ts'

/** No answer for so long is an answer too: the API server is stopped. */
const TIMEOUT_MS = 10_000

interface Answer {
  status: number
  text: string
}

export class Api implements AsyncDisposable {
  readonly #server: string
  readonly #agent: Agent

  constructor(at: Places) {
    this.#server = serverOf(at)
    this.#agent = new Agent({
      allowH2: false,
      connections: 16,
      bodyTimeout: TIMEOUT_MS,
      headersTimeout: TIMEOUT_MS,
      connect: {
        ca: readFileSync(certificateOf(at, 'ca')),
        cert: readFileSync(certificateOf(at, 'admin')),
        key: readFileSync(keyOf(at, 'admin')),
        timeout: TIMEOUT_MS,
      },
    })
  }

  /** Rejects only where there was no answer. */
  async ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Answer> {
    const { statusCode, body: answer } = await request(`${this.#server}${path}`, {
      method,
      dispatcher: this.#agent,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return { status: statusCode, text: await answer.text() }
  }

  /** Whether there was an answer, and it was a good one. */
  async affirms(path: string): Promise<boolean> {
    try {
      return (await this.ask('GET', path)).status === 200
    } catch {
      return false
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy()
  }
}
