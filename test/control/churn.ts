/** Objects that come, change and go all the time. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../../kube/client.ts'
import type { KubeObject } from '../../kube/object.ts'
import type { Resource } from '../../kube/resource.ts'

export const CONFIG_MAPS: Resource = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' }

const NAMES = 40
const STEP_MS = 5

export class Churn {
  readonly #client: Client
  readonly #namespace: string
  readonly #there = new Set<string>()
  readonly #stop = new AbortController()
  readonly #ended: Promise<void>
  #changes = 0

  /** @param client with a way to the API server that nothing befalls. */
  constructor(client: Client, namespace: string) {
    this.#client = client
    this.#namespace = namespace
    this.#ended = this.#run()
  }

  /** How many changes there have been. */
  get changes(): number {
    return this.#changes
  }

  /** Resolves after the last change. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#ended
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#change(`object-${Math.floor(Math.random() * NAMES)}`)
      this.#changes++
      await sleep(STEP_MS)
    }
  }

  /** A third of all changes of what is there are its end. */
  async #change(name: string): Promise<void> {
    const place = { namespace: this.#namespace, name }
    const data = { change: String(this.#changes) }
    if (!this.#there.has(name)) {
      await this.#client.create(CONFIG_MAPS, { metadata: place, data } as KubeObject)
      this.#there.add(name)
    } else if (Math.random() < 1 / 3) {
      await this.#client.remove(CONFIG_MAPS, place)
      this.#there.delete(name)
    } else await this.#client.merge(CONFIG_MAPS, place, { data })
  }
}
