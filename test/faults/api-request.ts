/** What an HTTP request asks of the API server, in Kubernetes' words. Pure. */

export type Verb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'deletecollection'
  /** Of what is no object: /readyz, /version, discovery. */
  | 'other'

export interface ApiRequest {
  verb: Verb
  path: string
  query: URLSearchParams
  /** Plural; absent where it is about no object. */
  resource?: string
  namespace?: string
  name?: string
  subresource?: string
}

const WRITES: readonly Verb[] = ['create', 'update', 'patch', 'delete', 'deletecollection']

const OF_ONE: Record<string, Verb> = {
  GET: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
  POST: 'create',
}
const OF_MANY: Record<string, Verb> = { GET: 'list', POST: 'create', DELETE: 'deletecollection' }

export function apiRequest(method: string, url: string): ApiRequest {
  const { pathname: path, searchParams: query } = new URL(url, 'http://api')
  const place = placeOf(path)
  if (!place) return { verb: 'other', path, query }
  const verb = (place.name === undefined ? OF_MANY : OF_ONE)[method] ?? 'other'
  const isWatch = (verb === 'list' || verb === 'get') && /^(1|true)$/i.test(query.get('watch') ?? '')
  return { verb: isWatch ? 'watch' : verb, path, query, ...place }
}

export function isWrite({ verb }: Pick<ApiRequest, 'verb'>): boolean {
  return WRITES.includes(verb)
}

function placeOf(path: string) {
  const [, root, ...rest] = path.split('/').map(decodeURIComponent)
  const parts = root === 'api' ? rest.slice(1) : root === 'apis' ? rest.slice(2) : []
  // /namespaces/NAME and its subresources are about the namespace itself.
  const isInNamespace = parts[0] === 'namespaces' && parts.length > 2 && !NAMESPACE_PARTS.has(parts[2]!)
  const [resource, name, subresource] = isInNamespace ? parts.slice(2) : parts
  if (!resource) return undefined
  return {
    resource,
    ...(isInNamespace && { namespace: parts[1]! }),
    ...(name && { name }),
    ...(subresource && { subresource }),
  }
}

const NAMESPACE_PARTS = new Set(['status', 'finalize'])
