import type { KubeObject } from '../kube/object.ts'
import type { Reflector } from '../kube/reflector.ts'
import type { Listener } from '../kube/replica.ts'

/** What whoever only reads needs of a cache. */
export interface Cached<T extends KubeObject> {
  get(namespace: string, name: string): T | undefined
  list(): T[]
  byIndex(index: string, value: string): T[]
  on(listener: Listener<T>): Disposable
}

/** The objects of one kind: of every namespace by one reflector, or of a few by one each. */
export class Cache<T extends KubeObject> implements Cached<T> {
  /** Plural. */
  readonly resource: string
  readonly #reflectors: readonly Reflector<T>[]

  constructor(resource: string, reflectors: readonly Reflector<T>[]) {
    this.resource = resource
    this.#reflectors = reflectors
  }

  get hasSynced(): boolean {
    return this.#reflectors.every(({ hasSynced }) => hasSynced)
  }

  get(namespace: string, name: string): T | undefined {
    for (const { store } of this.#reflectors) {
      const found = store.get(namespace, name)
      if (found) return found
    }
    return undefined
  }

  list(): T[] {
    return this.#reflectors.flatMap(({ store }) => store.list())
  }

  byIndex(index: string, value: string): T[] {
    return this.#reflectors.flatMap(({ store }) => store.byIndex(index, value))
  }

  on(listener: Listener<T>): Disposable {
    const stack = new DisposableStack()
    for (const reflector of this.#reflectors) stack.use(reflector.on(listener))
    return stack
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#reflectors.map(reflector => reflector.run(signal)))
  }

  async synced(): Promise<void> {
    await Promise.all(this.#reflectors.map(({ synced }) => synced))
  }
}
