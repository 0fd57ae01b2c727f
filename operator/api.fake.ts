import { ApiError } from '../kube/errors.ts'
import type { KubeObject, ObjectList } from '../kube/object.ts'
import { pathOf, type Resource } from '../kube/resource.ts'
import type { LeaderClient } from './leading-client.ts'

type Options<M extends keyof LeaderClient> = Parameters<LeaderClient[M]>

/** As much of an API server as a test needs: objects by path, uids, versions, and the refusals that follow from them. */
export class FakeApi implements LeaderClient {
  readonly objects = new Map<string, KubeObject>()
  /** Each write that was asked for, as `create daemonsets/a`. */
  readonly writes: string[] = []
  /** Instead of an answer, if it says so. */
  refuse: (write: string) => Error | undefined = () => undefined
  now = new Date('2026-11-23T12:00:00Z')
  #version = 0

  serverNow(): Date {
    return this.now
  }

  /** As if somebody else had written it. */
  put<T extends KubeObject>(resource: Resource, object: T): T {
    const { metadata } = object
    const path = pathOf(resource, { namespace: metadata.namespace, name: metadata.name })
    const uid = metadata.uid ?? this.objects.get(path)?.metadata.uid ?? `uid-${++this.#version}`
    const stored = {
      ...object,
      metadata: {
        creationTimestamp: this.now.toISOString(),
        ...metadata,
        uid,
        resourceVersion: String(++this.#version),
      },
    }
    this.objects.set(path, stored)
    return structuredClone(stored)
  }

  async get<T>(...[resource, place]: Options<'get'>): Promise<T> {
    return structuredClone(this.#found(resource, place)) as T
  }

  async list<T>(
    ...[resource, { namespace, labelSelector = '' } = {}]: Options<'list'>
  ): Promise<ObjectList<T>> {
    const wanted = labelSelector.split(',').map(each => each.split('='))
    const items = [...this.objects].flatMap(([path, object]) => {
      if (!path.startsWith(`${pathOf(resource, { namespace })}/`)) return []
      const { labels = {} } = object.metadata
      return wanted.every(([label, value]) => !label || labels[label] === value) ? [object] : []
    })
    return structuredClone({ metadata: { resourceVersion: String(this.#version) }, items }) as ObjectList<T>
  }

  async create<T extends KubeObject>(resource: Resource, object: T): Promise<T> {
    this.#write('create', resource, object.metadata.name)
    const { namespace, name } = object.metadata
    if (this.objects.has(pathOf(resource, { namespace, name }))) throw refused(409, 'AlreadyExists')
    return this.put(resource, object)
  }

  async apply<T extends KubeObject>(
    resource: Resource,
    object: T,
    { subresource }: Options<'apply'>[2],
  ): Promise<T> {
    const { namespace, name, uid, resourceVersion } = object.metadata
    this.#write('apply', resource, subresource ? `${name}/${subresource}` : name)
    const before = this.objects.get(pathOf(resource, { namespace, name }))
    if (!before && subresource) throw refused(404, 'NotFound')
    if (uid !== undefined && before?.metadata.uid !== uid) throw refused(409, 'Conflict')
    if (resourceVersion !== undefined && before?.metadata.resourceVersion !== resourceVersion)
      throw refused(409, 'Conflict')
    const metadata = { ...before?.metadata, ...object.metadata }
    return this.put(resource, { ...before, ...object, metadata })
  }

  async merge<T>(...[resource, place, patch]: Options<'merge'>): Promise<T> {
    this.#write('merge', resource, place.name)
    const before = this.#found(resource, place) as KubeObject & { spec?: object }
    const { metadata, spec } = patch as { metadata?: { uid?: string }; spec?: object }
    if (metadata?.uid !== undefined && metadata.uid !== before.metadata.uid) throw refused(409, 'Conflict')
    return this.put(resource, { ...before, spec: { ...before.spec, ...spec } } as KubeObject) as T
  }

  async remove(...[resource, place, { uid } = {}]: Options<'remove'>): Promise<void> {
    this.#write('remove', resource, place.name)
    const path = pathOf(resource, place)
    const before = this.objects.get(path)
    if (before && uid !== undefined && before.metadata.uid !== uid) throw refused(409, 'Conflict')
    this.objects.delete(path)
  }

  #found(resource: Resource, place: { namespace?: string | undefined; name: string }): KubeObject {
    const found = this.objects.get(pathOf(resource, place))
    if (!found) throw refused(404, 'NotFound')
    return found
  }

  #write(verb: string, { plural }: Resource, name: string): void {
    const write = `${verb} ${plural}/${name}`
    this.writes.push(write)
    const refusal = this.refuse(write)
    if (refusal) throw refusal
  }
}

export function refused(status: number, reason: string): ApiError {
  return new ApiError({ verb: 'x', resource: 'y' }, { status, reason })
}
