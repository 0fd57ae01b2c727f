/** One request to the API server, in its own words and in HTTP's. Pure. */
import type { Request } from './errors.ts'
import type { KubeObject } from './object.ts'
import { queryOf } from './query.ts'
import { apiVersionOf, type Place, pathOf, type Resource } from './resource.ts'
import type { Repeatable } from './retry.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Call extends Request {
  method: Method
  /** With its query. */
  path: string
  repeatable: Repeatable
  /** Absent: JSON. */
  contentType?: string | undefined
  /** Text as it is, anything else as JSON. */
  body?: unknown
  /** How long the server may be silent in the middle of its answer. */
  silenceMs?: number | undefined
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete'

// A second update is refused because of the first, or changes nothing; so are patches and deletions.
const VERBS: Record<Verb, Pick<Call, 'method' | 'repeatable'>> = {
  get: { method: 'GET', repeatable: 'Read' },
  list: { method: 'GET', repeatable: 'Read' },
  // Who watches has a back-off of its own.
  watch: { method: 'GET', repeatable: 'Idempotent' },
  create: { method: 'POST', repeatable: 'Once' },
  update: { method: 'PUT', repeatable: 'Idempotent' },
  patch: { method: 'PATCH', repeatable: 'Idempotent' },
  delete: { method: 'DELETE', repeatable: 'Idempotent' },
}

export function callOf(
  verb: Verb,
  resource: Resource,
  place: Place,
  query: Parameters<typeof queryOf>[0] = {},
): Call {
  const { namespace, name, subresource } = place
  return {
    verb,
    resource: subresource ? `${resource.plural}/${subresource}` : resource.plural,
    namespace,
    name,
    path: pathOf(resource, place) + queryOf(query),
    ...VERBS[verb],
  }
}

export function placeOf({ metadata: { namespace, name } }: KubeObject): { namespace?: string; name: string } {
  return namespace === undefined ? { name } : { namespace, name }
}

/** As the API server wants it written: with its apiVersion and kind. */
export function whole<T extends KubeObject>(resource: Resource, object: T): T {
  return { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind }
}
