import type { Client } from './client.ts'
import { ApiError } from './errors.ts'
import type { KubeObject, ObjectList, Status, WatchEvent } from './object.ts'
import type { ListQuery, WatchQuery } from './query.ts'
import { PODS } from './resource.ts'

export interface ModelObject extends KubeObject {
  spec: string
}

type Told = WatchEvent<ModelObject>

/** Something that goes wrong with the next list, page or watch. */
export type Fault = Error | 'ends' | undefined

interface OpenWatch {
  tell: (event: Told) => void
  end: (how: Fault) => void
}

export const expired: Status = { code: 410, reason: 'Expired', message: 'too old resource version' }

export function refused(code: number, more: Partial<Status> = {}): ApiError {
  return new ApiError({ verb: 'watch', resource: PODS.plural }, { status: code, ...more })
}

/**
 * What an API server does with the objects of one kind: revisions, pages of one moment, watches from a revision on, and a memory
 * that can be made shorter. Its resourceVersions are no numbers, for nobody may read them as such.
 */
export class ModelServer implements Pick<Client, 'list' | 'watch'> {
  readonly lists: ListQuery[] = []
  readonly watches: WatchQuery[] = []
  readonly listFaults: Fault[] = []
  readonly watchFaults: Fault[] = []
  readonly open = new Set<OpenWatch>()
  readonly #objects = new Map<string, ModelObject>()
  readonly #past = new Map<number, ModelObject[]>()
  #events: { revision: number; event: Told }[] = []
  #revision = 1
  #oldest = 0
  #uids = 0

  get truth(): ModelObject[] {
    return [...this.#objects.values()]
  }

  get resourceVersion(): string {
    return `rv-${this.#revision}`
  }

  put(name: string, spec = ''): void {
    const before = this.#objects.get(name)
    const uid = before?.metadata.uid ?? `uid-${++this.#uids}`
    this.#revision++
    const metadata = { name, namespace: 'n', uid, resourceVersion: this.resourceVersion }
    const object = { apiVersion: 'v1', kind: 'Pod', metadata, spec }
    this.#objects.set(name, object)
    this.#happen({ type: before ? 'MODIFIED' : 'ADDED', object })
  }

  remove(name: string): void {
    const before = this.#objects.get(name)
    if (!before) return
    this.#objects.delete(name)
    this.#revision++
    const metadata = { ...before.metadata, resourceVersion: this.resourceVersion }
    this.#happen({ type: 'DELETED', object: { ...before, metadata } })
  }

  /** Another object by the same name. */
  recreate(name: string, spec = ''): void {
    this.remove(name)
    this.put(name, spec)
  }

  /** Forgets all that is past. */
  compact(): void {
    this.#oldest = this.#revision
    this.#events = []
    this.#past.clear()
  }

  /** To every open watch, in no revision: a bookmark, or what no server should say. */
  say(event: unknown): void {
    for (const watch of [...this.open]) watch.tell(structuredClone(event) as Told)
  }

  endWatches(how: Fault = 'ends'): void {
    for (const watch of [...this.open]) watch.end(how)
  }

  async list<T>(_resource: unknown, query: ListQuery = {}, { signal }: { signal?: AbortSignal } = {}) {
    signal?.throwIfAborted()
    this.lists.push(query)
    const fault = this.listFaults.shift()
    if (fault instanceof Error) throw fault
    const [revision, from] = query.continue ? JSON.parse(query.continue) : [this.#revision, 0]
    if (!query.continue) this.#past.set(revision, this.truth)
    const all = this.#past.get(revision)
    if (!all) throw refused(410, expired)
    const to = query.limit ? from + query.limit : all.length
    const next = to < all.length ? { continue: JSON.stringify([revision, to]) } : {}
    const list: ObjectList<ModelObject> = {
      metadata: { resourceVersion: `rv-${revision}`, ...next },
      items: all.slice(from, to),
    }
    return structuredClone(list) as ObjectList<never> as ObjectList<T>
  }

  async *watch<T>(_resource: unknown, query: WatchQuery, signal: AbortSignal): AsyncGenerator<WatchEvent<T>> {
    this.watches.push(query)
    const fault = this.watchFaults.shift()
    if (fault === 'ends') return
    if (fault) throw fault
    const revision = Number(query.resourceVersion?.slice(3))
    if (revision < this.#oldest) {
      yield { type: 'ERROR', object: expired }
      return
    }
    const events = this.#events.filter(event => event.revision > revision).map(({ event }) => event)
    yield* this.#live(structuredClone(events), signal) as AsyncGenerator<WatchEvent<never>>
  }

  async *#live(events: Told[], signal: AbortSignal): AsyncGenerator<Told> {
    let wake = () => {}
    let ended: Fault
    const end = (how: Fault) => {
      ended ??= how
      wake()
    }
    const tell = (event: Told) => {
      if (!ended) events.push(event)
      wake()
    }
    const watch = { tell, end }
    const abort = () => end(signal.reason)
    this.open.add(watch)
    signal.addEventListener('abort', abort)
    try {
      for (;;) {
        if (signal.aborted) throw signal.reason
        const event = events.shift()
        if (event) yield event
        else if (ended instanceof Error) throw ended
        else if (ended) return
        else await new Promise<void>(resolve => (wake = resolve))
      }
    } finally {
      this.open.delete(watch)
      signal.removeEventListener('abort', abort)
    }
  }

  #happen(event: Told): void {
    this.#events.push({ revision: this.#revision, event })
    this.say(event)
  }
}
