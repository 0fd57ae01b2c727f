import type { KubeObject } from '../kube/object.ts'
import type { Listener } from '../kube/replica.ts'
import { keyOf, Store } from '../kube/store.ts'
import type { Cached } from './cache.ts'
import { jobUid, type Known, reportedJob } from './caches.ts'
import type { AgentPod, DaemonSet, LiveTraceJob, LiveTraceReport } from './seen.ts'

/** A cache that a test fills. */
export class FakeCache<T extends KubeObject> implements Cached<T> {
  readonly #store = new Store<T>()
  readonly #listeners = new Set<Listener<T>>()

  constructor(index: string, value: (object: T) => string | undefined) {
    this.#store.addIndex(index, value)
  }

  put(object: T): void {
    const old = this.#store.put(object)
    this.#tell(old ? { type: 'updated', object, old } : { type: 'added', object })
  }

  delete({ metadata: { namespace, name } }: KubeObject): void {
    const old = this.#store.delete(keyOf(namespace, name))
    if (old) this.#tell({ type: 'deleted', object: old, old })
  }

  get(namespace: string, name: string): T | undefined {
    return this.#store.get(namespace, name)
  }

  list(): T[] {
    return this.#store.list()
  }

  byIndex(index: string, value: string): T[] {
    return this.#store.byIndex(index, value)
  }

  on(listener: Listener<T>): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  #tell(change: Parameters<Listener<T>>[0]): void {
    for (const listener of this.#listeners) listener(change)
  }
}

export class FakeCaches implements Known {
  readonly jobs = new FakeCache<LiveTraceJob>('uid', ({ metadata }) => metadata.uid)
  readonly reports = new FakeCache<LiveTraceReport>('job', reportedJob)
  readonly daemonSets = new FakeCache<DaemonSet>('jobUid', jobUid)
  readonly pods = new FakeCache<AgentPod>('jobUid', jobUid)
}
