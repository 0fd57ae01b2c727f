import { readFile } from 'node:fs/promises'
import { type Clock, systemClock } from './clock.ts'
import type { Credentials, Tls } from './credentials.ts'
import { Remembered } from './remembered.ts'

/** The kubelet replaces a token long before it ends. */
const REMEMBERED_MS = 10_000

interface InClusterOptions {
  server: string
  /** Of the service account, as mounted into the pod. */
  tokenFile: string
  caFile: string
  clock?: Clock | undefined
}

/**
 * A pod's way in. Both files are read again every ten seconds and after a refusal, as far as there are requests. One that is
 * missing fails the request, unless what it said before has not been refused.
 */
export function inCluster(options: InClusterOptions): Credentials {
  return new ServiceAccount(options)
}

class ServiceAccount implements Credentials {
  readonly server: string
  readonly #tokenFile: string
  readonly #caFile: string
  readonly #authorization: Remembered<string>
  #tls: Tls = {}
  #known: string | undefined
  #isRefused = false

  constructor({ server, tokenFile, caFile, clock = systemClock }: InClusterOptions) {
    this.server = server
    this.#tokenFile = tokenFile
    this.#caFile = caFile
    this.#authorization = new Remembered(() => this.#read(), REMEMBERED_MS, clock)
  }

  get tls(): Tls {
    return this.#tls
  }

  authorization(): Promise<string> {
    return this.#authorization.get()
  }

  refused(): void {
    this.#isRefused = true
    this.#authorization.forget()
  }

  async #read(): Promise<string> {
    try {
      const [token, ca] = await Promise.all([textOf(this.#tokenFile), textOf(this.#caFile)])
      if (ca !== this.#tls.ca) this.#tls = { ca }
      this.#known = `Bearer ${token}`
      this.#isRefused = false
    } catch (error) {
      if (this.#known === undefined || this.#isRefused) throw error
    }
    return this.#known
  }
}

async function textOf(file: string): Promise<string> {
  const text = (await readFile(file, 'utf8')).trim()
  if (text === '') throw new Error(`${file} is empty`)
  return text
}
