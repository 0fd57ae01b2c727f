/** Kinds of objects and where the API server keeps them. Pure. */

export interface Resource {
  /** '' is the core group. */
  group: string
  version: string
  plural: string
  kind: string
}

export const PODS: Resource = { group: '', version: 'v1', plural: 'pods', kind: 'Pod' }
export const NAMESPACES: Resource = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace' }
export const NODES: Resource = { group: '', version: 'v1', plural: 'nodes', kind: 'Node' }
export const DAEMON_SETS: Resource = { group: 'apps', version: 'v1', plural: 'daemonsets', kind: 'DaemonSet' }
export const DEPLOYMENTS: Resource = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
}
export const LEASES: Resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
}
export const EVENTS: Resource = { group: 'events.k8s.io', version: 'v1', plural: 'events', kind: 'Event' }

export interface Place {
  /** Absent: of all namespaces, or of none where the kind has none. */
  namespace?: string | undefined
  name?: string | undefined
  subresource?: string | undefined
}

/** Which part of which object a request is about, as the path of its URL. */
export function pathOf({ group, version, plural }: Resource, place: Place = {}): string {
  const { namespace, name, subresource } = place
  const parts = [...(group === '' ? ['api'] : ['apis', group]), version]
  if (namespace) parts.push('namespaces', namespace)
  parts.push(plural)
  if (name) parts.push(name)
  if (subresource) parts.push(subresource)
  return '/' + parts.map(segment).join('/')
}

// Encoding leaves dots as they are, and ".." would lead to another object.
function segment(text: string): string {
  if (text === '.' || text === '..') throw new RangeError(`"${text}" is no name`)
  return encodeURIComponent(text)
}

/** As in an object's `apiVersion`. */
export function apiVersionOf({ group, version }: Resource): string {
  return group === '' ? version : `${group}/${version}`
}
