import { type Answer, accepted, listOf, objectOf } from './answer.ts'
import { type Call, callOf, type Method, placeOf, whole } from './call.ts'
import { Calls } from './calls.ts'
import type {
  Abortable,
  ApplyOptions,
  ClientOptions,
  Named,
  RawOptions,
  RemoveOptions,
  WriteOptions,
} from './client-options.ts'
import { systemClock } from './clock.ts'
import type { Credentials } from './credentials.ts'
import { isNotFound } from './errors.ts'
import type { KubeObject, ObjectList, WatchEvent } from './object.ts'
import type { ListQuery, WatchQuery } from './query.ts'
import type { Place, Resource } from './resource.ts'
import { SchemaGaps } from './schema-gaps.ts'
import { watchEvents } from './watch.ts'

/**
 * How long a watch may be silent before it is ended from our side, in case its connection is dead or the server stuck. A bookmark
 * comes each minute, so half as much again; but where nothing at all happens in a cluster there may be none, so silence is
 * no failure. To go on by another watch costs one request and loses nothing.
 */
const WATCH_SILENCE_SECONDS = 90

/**
 * The API server. Every method throws ApiError, ConnectionFailed, UnreadableAnswer, or the reason of the signal that ended it;
 * what is worth another try has been tried again (see retry.ts).
 */
export class Client implements AsyncDisposable {
  readonly #calls: Calls
  readonly #silenceMs: number
  readonly #gaps: SchemaGaps

  constructor(credentials: Credentials, options: ClientOptions) {
    this.#silenceMs = (options.watchSilenceSeconds ?? WATCH_SILENCE_SECONDS) * 1000
    this.#calls = new Calls(credentials, options)
    this.#gaps = new SchemaGaps(options.log, options.clock ?? systemClock)
  }

  async get<T>(resource: Resource, { namespace, name }: Named, { signal }: Abortable = {}): Promise<T> {
    return this.#object<T>(callOf('get', resource, { namespace, name }), signal)
  }

  async list<T>(
    resource: Resource,
    { namespace, ...query }: ListQuery & Pick<Place, 'namespace'> = {},
    { signal }: Abortable = {},
  ): Promise<ObjectList<T>> {
    const call = callOf('list', resource, { namespace }, { ...query })
    return this.#calls.answer(call, answer => listOf<T>(call, answer, resource), signal)
  }

  async create<T extends KubeObject>(resource: Resource, object: T, { signal }: Abortable = {}): Promise<T> {
    const { namespace, name } = object.metadata
    // The name stands in the object, not in the path.
    const call = { ...callOf('create', resource, { namespace }), name }
    return this.#object<T>({ ...call, body: whole(resource, object) }, signal)
  }

  /** PUT: all of the object. Its resourceVersion, if it has one, must still be the newest. */
  async replace<T extends KubeObject>(
    resource: Resource,
    object: T,
    { subresource, signal }: WriteOptions = {},
  ): Promise<T> {
    const call = callOf('update', resource, { ...placeOf(object), subresource })
    return this.#object<T>({ ...call, body: whole(resource, object) }, signal)
  }

  /**
   * Server-side apply. With `metadata.uid` it is refused (a conflict) where the object is another or gone; without, it
   * creates what is not there. Fields that the schema lacks are left out.
   */
  async apply<T extends KubeObject>(
    resource: Resource,
    object: T,
    { fieldManager, force = false, subresource, signal }: ApplyOptions,
  ): Promise<T> {
    const call = callOf('patch', resource, { ...placeOf(object), subresource }, { fieldManager, force })
    const contentType = 'application/apply-patch+yaml'
    const send = (body: T) => this.#object<T>({ ...call, contentType, body }, signal)
    return this.#gaps.fitted(resource, whole(resource, object), send)
  }

  /** JSON merge patch: null takes a field away, a list is replaced as a whole. */
  async merge<T>(
    resource: Resource,
    { namespace, name }: Named,
    patch: object,
    { subresource, signal }: WriteOptions = {},
  ): Promise<T> {
    const call = callOf('patch', resource, { namespace, name, subresource })
    return this.#object<T>({ ...call, contentType: 'application/merge-patch+json', body: patch }, signal)
  }

  /** What is not there any more is fine; what is another by uid or resourceVersion is a conflict. */
  async remove(
    resource: Resource,
    { namespace, name }: Named,
    { uid, resourceVersion, propagationPolicy, signal }: RemoveOptions = {},
  ): Promise<void> {
    const preconditions = { uid, resourceVersion }
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy }
    const call = { ...callOf('delete', resource, { namespace, name }), body }
    try {
      await this.#calls.answer(call, answer => accepted(call, answer), signal)
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
  }

  /**
   * What changes from that resourceVersion on, until the server ends it, which it does in time, or has been silent for too long.
   */
  watch<T>(
    resource: Resource,
    { namespace, ...query }: WatchQuery & Pick<Place, 'namespace'>,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent<T>> {
    const call = callOf('watch', resource, { namespace }, { ...query, watch: true })
    return watchEvents<T>(call, this.#calls.stream({ ...call, silenceMs: this.#silenceMs }, signal))
  }

  /**
   * Any request, tried once; any answer, but a second 401 (ApiError).
   * @param body text as it is, anything else as JSON.
   */
  raw(
    method: Method,
    path: string,
    body?: unknown,
    { signal, contentType }: RawOptions = {},
  ): Promise<Answer> {
    const request = { verb: method.toLowerCase(), resource: path, repeatable: 'Once' as const }
    const call = { ...request, method, path, body, contentType }
    const read = (answer: Answer) => (answer.status === 401 ? accepted(call, answer) : answer)
    return this.#calls.answer(call, read, signal)
  }

  /** The API server's time, by the answers so far, to some hundred milliseconds; this machine's before the first. */
  serverNow(): Date {
    return this.#calls.serverNow()
  }

  /** Ends what is under way, watches too. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#calls[Symbol.asyncDispose]()
  }

  async #object<T>(call: Call, signal: AbortSignal | undefined): Promise<T> {
    return this.#calls.answer(call, answer => objectOf<T>(call, answer), signal)
  }
}
