import type { KubeObject } from './object.ts'

/** As a work queue's key: "namespace/name", or the name alone of what lies in no namespace. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name
}

type IndexedBy<T> = (object: T) => string | undefined

interface Index<T> {
  by: IndexedBy<T>
  keys: Map<string, Set<string>>
}

/** The objects of one kind, by namespace and name, and by whatever else there is an index for. */
export class Store<T extends KubeObject> {
  readonly #objects = new Map<string, T>()
  readonly #indexes = new Map<string, Index<T>>()

  get size(): number {
    return this.#objects.size
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.#objects.get(keyOf(namespace, name))
  }

  list(): T[] {
    return [...this.#objects.values()]
  }

  keys(): IterableIterator<string> {
    return this.#objects.keys()
  }

  /** @param by what an object can be found by under this index; undefined leaves it out. */
  addIndex(name: string, by: IndexedBy<T>): void {
    const index: Index<T> = { by, keys: new Map() }
    for (const [key, object] of this.#objects) addKey(index, by(object), key)
    this.#indexes.set(name, index)
  }

  /** The objects with that value; throws if there is no such index. */
  byIndex(name: string, value: string): T[] {
    const index = this.#indexes.get(name)
    if (!index) throw new RangeError(`there is no index "${name}"`)
    return Array.from(index.keys.get(value) ?? [], key => this.#objects.get(key)!)
  }

  /** Returns what was there before. What an index can't read throws, and changes nothing. */
  put(object: T): T | undefined {
    const key = keyOf(object.metadata.namespace, object.metadata.name)
    const indexes = [...this.#indexes.values()]
    const values = indexes.map(({ by }) => by(object))
    const old = this.#objects.get(key)
    indexes.forEach((index, i) => {
      if (old) removeKey(index, index.by(old), key)
      addKey(index, values[i], key)
    })
    this.#objects.set(key, object)
    return old
  }

  /** Takes out what has that key (see `keyOf`), and returns it. */
  delete(key: string): T | undefined {
    const old = this.#objects.get(key)
    if (!old) return undefined
    for (const index of this.#indexes.values()) removeKey(index, index.by(old), key)
    this.#objects.delete(key)
    return old
  }
}

function addKey<T>({ keys }: Index<T>, value: string | undefined, key: string): void {
  if (value === undefined) return
  const those = keys.get(value)
  if (those) those.add(key)
  else keys.set(value, new Set([key]))
}

function removeKey<T>({ keys }: Index<T>, value: string | undefined, key: string): void {
  if (value === undefined) return
  const those = keys.get(value)
  those?.delete(key)
  if (those?.size === 0) keys.delete(value)
}
