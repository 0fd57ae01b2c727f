import { ApiError, type Refusal } from './errors.ts'
import type { Lease } from './lease.ts'
import type { LeaseClient } from './lease-lock.ts'
import type { WatchEvent } from './object.ts'

type Verb = 'get' | 'create' | 'update' | 'watch'

const REFUSALS = {
  NotFound: { status: 404, reason: 'NotFound' },
  AlreadyExists: { status: 409, reason: 'AlreadyExists' },
  Conflict: { status: 409, reason: 'Conflict' },
  InternalError: { status: 500, reason: 'InternalError' },
} satisfies Record<string, Refusal>

export const refused = (verb: string, reason: keyof typeof REFUSALS) =>
  new ApiError({ verb, resource: 'leases' }, REFUSALS[reason])

/** The API server, as far as one Lease goes: its resourceVersion decides. */
export class FakeLeases {
  lease: Lease | undefined
  readonly requests: string[] = []
  readonly watches = new Set<(event: WatchEvent<Lease>) => void>()
  #version = 0

  /** As a client of its own, which may be cut off from the server. */
  client(): FakeLeaseClient {
    return new FakeLeaseClient(this)
  }

  write(lease: Lease): Lease {
    const type = this.lease ? 'MODIFIED' : 'ADDED'
    const uid = this.lease?.metadata.uid ?? `uid-${this.#version}`
    const metadata = { ...lease.metadata, uid, resourceVersion: String(++this.#version) }
    this.lease = { ...lease, metadata }
    this.#tell({ type, object: this.lease })
    return structuredClone(this.lease)
  }

  remove(): void {
    const object = this.lease!
    this.lease = undefined
    this.#tell({ type: 'DELETED', object })
  }

  #tell(event: WatchEvent<Lease>): void {
    for (const watch of this.watches) watch(structuredClone(event))
  }
}

export class FakeLeaseClient implements Pick<LeaseClient, keyof LeaseClient> {
  /** What happens instead of, or before, what is asked for; whether the server acts is its word. */
  fault: ((verb: Verb, act: () => unknown) => Promise<void>) | undefined
  watchIsDeaf = false
  /** Awaited before what comes from the server is seen. */
  arrival = async () => {}
  readonly #server: FakeLeases

  constructor(server: FakeLeases) {
    this.#server = server
  }

  get: LeaseClient['get'] = async (_resource, _place, options) =>
    this.#ask('get', options?.signal, () => this.#lease('get'))

  create: LeaseClient['create'] = async (_resource, object, options) =>
    this.#ask('create', options?.signal, () => {
      if (this.#server.lease) throw refused('create', 'AlreadyExists')
      return this.#server.write(object as Lease)
    })

  replace: LeaseClient['replace'] = async (_resource, object, options) =>
    this.#ask('update', options?.signal, () => {
      const { resourceVersion } = this.#lease('update').metadata
      const wanted = (object as Lease).metadata.resourceVersion
      if (wanted !== undefined && wanted !== resourceVersion) throw refused('update', 'Conflict')
      return this.#server.write(object as Lease)
    })

  watch: LeaseClient['watch'] = (_resource, query, signal) =>
    this.#watch(query.resourceVersion, signal) as never

  async *#watch(from: string | undefined, signal: AbortSignal): AsyncGenerator<WatchEvent<Lease>> {
    const events: WatchEvent<Lease>[] = []
    let wake = () => {}
    const tell = (event: WatchEvent<Lease>) => {
      if (!this.watchIsDeaf) events.push(event)
      wake()
    }
    await this.#ask('watch', signal, () => this.#server.watches.add(tell))
    signal.addEventListener('abort', () => this.#server.watches.delete(tell))
    const { lease } = this.#server
    if (lease && lease.metadata.resourceVersion !== from) tell({ type: 'MODIFIED', object: lease })
    while (!signal.aborted) {
      await this.arrival()
      yield* events.splice(0)
      await new Promise<void>(resolve => {
        wake = resolve
        signal.addEventListener('abort', () => resolve())
      })
    }
  }

  #lease(verb: Verb): Lease {
    if (!this.#server.lease) throw refused(verb, 'NotFound')
    return structuredClone(this.#server.lease)
  }

  async #ask<T>(verb: Verb, signal: AbortSignal | undefined, act: () => unknown): Promise<T> {
    signal?.throwIfAborted()
    this.#server.requests.push(verb)
    try {
      if (this.fault) await Promise.race([this.fault(verb, act), aborting(signal)])
      return act() as T
    } finally {
      await this.arrival()
    }
  }
}

function aborting(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
