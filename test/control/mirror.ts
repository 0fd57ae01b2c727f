/** What a reflector tells, held against its own store and against the API server. */
import type { Client } from '../../kube/client.ts'
import type { KubeObject } from '../../kube/object.ts'
import type { Reflector } from '../../kube/reflector.ts'
import { CONFIG_MAPS } from './churn.ts'

type State = Record<string, string>

const stateOf = (objects: Iterable<KubeObject>): State =>
  Object.fromEntries(
    [...objects]
      .map(({ metadata: { name, uid, resourceVersion } }) => [name, `${uid} ${resourceVersion}`] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

export class Mirror {
  /** Changes that can't have happened after those before. */
  readonly contradictions: string[] = []
  readonly #reflector: Reflector<KubeObject>
  readonly #objects = new Map<string, KubeObject>()

  constructor(reflector: Reflector<KubeObject>) {
    this.#reflector = reflector
    reflector.on(({ type, object }) => {
      const { name, uid } = object.metadata
      const known = this.#objects.get(name)
      const isRight = type === 'added' ? !known : known?.metadata.uid === uid
      if (!isRight) this.contradictions.push(`${type} ${name} ${uid}`)
      if (type === 'deleted') this.#objects.delete(name)
      else this.#objects.set(name, object)
    })
  }

  /** As was told, as is stored, and as it is. */
  async states(truth: Client, namespace: string): Promise<{ told: State; stored: State; true: State }> {
    const { items } = await truth.list<KubeObject>(CONFIG_MAPS, { namespace })
    return {
      told: stateOf(this.#objects.values()),
      stored: stateOf(this.#reflector.store.list()),
      true: stateOf(items),
    }
  }
}
