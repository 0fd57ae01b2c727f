/** Objects that come, change and go all the time, as far as there is an API server. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../../kube/client.ts'
import type { KubeObject } from '../../kube/object.ts'
import { CONFIG_MAPS } from './churn.ts'

interface ConfigMap extends KubeObject {
  data: Record<string, string>
}

const NAMES = 40
const STEP_MS = 5

export class StubbornChurn implements AsyncDisposable {
  readonly #client: Client
  readonly #workers: Promise<void>[]
  #gate: PromiseWithResolvers<void> | undefined
  #working = 0
  #isOver = false
  #acknowledged = 0

  constructor(client: Client, workers = 3) {
    this.#client = client
    this.#workers = Array.from({ length: workers }, (_, worker) => this.#work(worker))
  }

  /** Changes that the API server said it has made. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  /** Resolves when nothing is under way any more. */
  async pause(): Promise<void> {
    this.#gate ??= Promise.withResolvers()
    while (this.#working > 0) await sleep(STEP_MS)
  }

  resume(): void {
    this.#gate?.resolve()
    this.#gate = undefined
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    this.resume()
    await Promise.all(this.#workers)
  }

  async #work(worker: number): Promise<void> {
    for (let round = 0; !this.#isOver; round++) {
      await this.#gate?.promise
      this.#working++
      await this.#change(worker, round)
      this.#working--
      await sleep(STEP_MS)
    }
  }

  /** What fails, since there is no API server or another worker was first, does not matter. */
  async #change(worker: number, round: number): Promise<void> {
    const metadata = { namespace: 'default', name: `churn-${(worker * 7 + round * 3) % NAMES}` }
    const object: ConfigMap = { metadata, data: { round: `${worker} ${round}` } }
    try {
      if (round % 5 === 4) await this.#client.remove(CONFIG_MAPS, metadata)
      else if (round % 2 === 0) await this.#client.create(CONFIG_MAPS, object)
      else await this.#client.merge(CONFIG_MAPS, metadata, { data: object.data })
      this.#acknowledged++
    } catch {}
  }
}
