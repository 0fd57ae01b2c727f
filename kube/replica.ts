import type { Logger } from 'pino'
import { isObject } from './answer.ts'
import type { Reader } from './lister.ts'
import type { KubeObject, WatchEvent } from './object.ts'
import { keyOf, Store } from './store.ts'

/** `old` is what was there before. */
export type Change<T> =
  | { type: 'added'; object: T }
  | { type: 'updated'; object: T; old: T }
  | { type: 'deleted'; object: T; old: T }

export type Listener<T> = (change: Change<T>) => void

interface ReplicaOptions<T> {
  /** What is to stay in memory of an object. Its name, namespace, uid and resourceVersion must. */
  keep?: ((object: T) => T) | undefined
  log: Logger
}

/** Our copy of the objects of one kind, and who is to be told what changes in it. */
export class Replica<T extends KubeObject> {
  readonly store = new Store<T>()
  readonly #listeners = new Set<Listener<T>>()
  readonly #keep: (object: T) => T
  readonly #log: Logger

  constructor({ keep = object => object, log }: ReplicaOptions<T>) {
    this.#keep = keep
    this.#log = log
  }

  on(listener: Listener<T>): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  /** A reader of a complete list: at its end, what was not in it is deleted. */
  census(): Reader & { end(): void } {
    const seen = new Set<string>()
    return {
      begin: () => seen.clear(),
      page: items => {
        for (const item of items) {
          const key = this.#put(item)
          if (key !== undefined) seen.add(key)
        }
      },
      end: () => {
        for (const key of [...this.store.keys()]) if (!seen.has(key)) this.#remove(key)
      },
    }
  }

  /** Takes an event in. Returns the resourceVersion to go on from; what has none, or is no event, changes none. */
  take({ type, object }: Exclude<WatchEvent<T>, { type: 'ERROR' }>): string | undefined {
    if (type === 'ADDED' || type === 'MODIFIED') this.#put(object)
    else if (type === 'DELETED') this.#delete(object)
    else if (type !== 'BOOKMARK') this.#log.warn({ type }, 'an event of unknown type was left out')
    const resourceVersion: unknown = object.metadata?.resourceVersion
    return typeof resourceVersion === 'string' && resourceVersion !== '' ? resourceVersion : undefined
  }

  /** What is no object is said and left out. Returns its key, if it has one. */
  #put(raw: unknown): string | undefined {
    const key = this.#keyOf(raw)
    if (key === undefined) return undefined
    try {
      this.#replace(this.#stripped(raw as T))
    } catch (error) {
      this.#log.error({ err: error, key }, 'an object could not be taken in; what was known of it stays')
    }
    return key
  }

  #delete(raw: unknown): void {
    const key = this.#keyOf(raw)
    if (key === undefined) return
    try {
      this.#remove(key, this.#stripped(raw as T))
    } catch (error) {
      this.#log.error({ err: error, key }, 'the last state of an object could not be read')
      this.#remove(key)
    }
  }

  #keyOf(raw: unknown): string | undefined {
    const metadata = isObject(raw) && 'metadata' in raw && isObject(raw.metadata) ? raw.metadata : {}
    const { name, namespace } = metadata as { name?: unknown; namespace?: unknown }
    if (typeof name === 'string' && name !== '' && typeof (namespace ?? '') === 'string')
      return keyOf(namespace as string | undefined, name)
    this.#log.warn('an object without a name was left out')
    return undefined
  }

  // Who may change which field is as long as the object itself, and nobody here asks.
  #stripped(object: T): T {
    delete (object.metadata as { managedFields?: unknown }).managedFields
    return this.#keep(object)
  }

  #replace(object: T): void {
    const { namespace, name, uid, resourceVersion } = object.metadata
    const known = this.store.get(namespace, name)
    // The same name with another uid is another object: that the first one is gone was missed.
    if (known && known.metadata.uid !== uid) this.#remove(keyOf(namespace, name))
    const old = this.store.put(object)
    if (!old) this.#tell({ type: 'added', object })
    else if (resourceVersion === undefined || old.metadata.resourceVersion !== resourceVersion)
      this.#tell({ type: 'updated', object, old })
  }

  #remove(key: string, last?: T): void {
    const old = this.store.delete(key)
    if (old) this.#tell({ type: 'deleted', object: last ?? old, old })
  }

  #tell(change: Change<T>): void {
    for (const listener of this.#listeners) {
      try {
        const told: unknown = listener(change)
        // One that is asynchronous may fail later, where nobody else would catch it.
        if (told instanceof Promise) told.catch(error => this.#complain(error))
      } catch (error) {
        this.#complain(error)
      }
    }
  }

  #complain(error: unknown): void {
    this.#log.error({ err: error }, 'a listener failed')
  }
}
