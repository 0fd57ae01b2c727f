import type { Client } from '../kube/client.ts'
import { isConflict, isNotFound } from '../kube/errors.ts'
import type { KubeObject, ObjectList } from '../kube/object.ts'
import type { Resource } from '../kube/resource.ts'
import { NotLeading } from './not-leading.ts'

/** The lead, as whoever writes needs it. */
export interface Lead {
  /** Once the answer is no, the signal has aborted. */
  mayWrite(): boolean
  /** Aborts when the lead is lost, or to be given back. */
  readonly signal: AbortSignal
}

/** As much of a client as the leader needs. */
export type LeaderClient = Pick<
  Client,
  'get' | 'list' | 'create' | 'apply' | 'merge' | 'remove' | 'serverNow'
>

type Args<M extends keyof LeaderClient> = Parameters<LeaderClient[M]>

/**
 * The client of a leader for as long as it leads: asks for the lead right before each write is sent (NotLeading), and what is on
 * its way when the lead ends is broken off.
 */
export class LeadingClient implements LeaderClient {
  readonly #client: LeaderClient
  readonly #lead: Lead

  constructor(client: LeaderClient, lead: Lead) {
    this.#client = client
    this.#lead = lead
  }

  serverNow(): Date {
    return this.#client.serverNow()
  }

  get<T>(...[resource, place, options]: Args<'get'>): Promise<T> {
    return this.#client.get<T>(resource, place, this.#during(options))
  }

  list<T>(...[resource, query, options]: Args<'list'>): Promise<ObjectList<T>> {
    return this.#client.list<T>(resource, query, this.#during(options))
  }

  async create<T extends KubeObject>(resource: Resource, object: T, options?: Args<'create'>[2]): Promise<T> {
    return this.#client.create<T>(resource, object, this.#leading(options))
  }

  async apply<T extends KubeObject>(resource: Resource, object: T, options: Args<'apply'>[2]): Promise<T> {
    return this.#client.apply<T>(resource, object, this.#leading(options))
  }

  async merge<T>(...[resource, place, patch, options]: Args<'merge'>): Promise<T> {
    return this.#client.merge<T>(resource, place, patch, this.#leading(options))
  }

  async remove(...[resource, place, options]: Args<'remove'>): Promise<void> {
    return this.#client.remove(resource, place, this.#leading(options))
  }

  #leading<O extends Abortable>(options?: O): O & Required<Abortable> {
    if (!this.#lead.mayWrite()) throw new NotLeading()
    return this.#during(options)
  }

  #during<O extends Abortable>(options?: O): O & Required<Abortable> {
    return { ...options, signal: options?.signal ?? this.#lead.signal } as O & Required<Abortable>
  }
}

interface Abortable {
  signal?: AbortSignal | undefined
}

/** Who writes, as `managedFields` say it. */
export const FIELD_MANAGER = 'tracejob-operator'

/** What a write has come to; undefined if its object is gone, or another by now under that name: nothing is left to be done to it. */
export async function ignoreGone<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return undefined
    throw error
  }
}
