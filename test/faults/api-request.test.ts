import { expect, test } from 'vitest'
import { apiRequest, isWrite } from './api-request.ts'

test.each([
  ['GET', '/api/v1/pods', { verb: 'list', resource: 'pods' }],
  ['GET', '/api/v1/namespaces/shop/pods', { verb: 'list', resource: 'pods', namespace: 'shop' }],
  ['GET', '/api/v1/namespaces/shop/pods?watch=true', { verb: 'watch', resource: 'pods', namespace: 'shop' }],
  ['GET', '/api/v1/namespaces/shop/pods?watch=1&limit=5', { verb: 'watch' }],
  ['GET', '/api/v1/namespaces/shop/pods/web', { verb: 'get', namespace: 'shop', name: 'web' }],
  ['GET', '/api/v1/namespaces', { verb: 'list', resource: 'namespaces' }],
  ['GET', '/api/v1/namespaces/shop', { verb: 'get', resource: 'namespaces', name: 'shop' }],
  [
    'PUT',
    '/api/v1/namespaces/shop/finalize',
    { verb: 'update', resource: 'namespaces', name: 'shop', subresource: 'finalize' },
  ],
  [
    'PUT',
    '/apis/coordination.k8s.io/v1/namespaces/a/leases/b',
    { verb: 'update', resource: 'leases', namespace: 'a', name: 'b' },
  ],
  [
    'PATCH',
    '/apis/tracejob.dev/v1alpha1/namespaces/a/tracejobs/b/status?fieldManager=x',
    { verb: 'patch', resource: 'tracejobs', name: 'b', subresource: 'status' },
  ],
  [
    'POST',
    '/apis/apps/v1/namespaces/a/daemonsets',
    { verb: 'create', resource: 'daemonsets', namespace: 'a' },
  ],
  ['DELETE', '/apis/apps/v1/namespaces/a/daemonsets/b', { verb: 'delete', name: 'b' }],
  ['DELETE', '/apis/apps/v1/namespaces/a/daemonsets', { verb: 'deletecollection' }],
  ['GET', '/api/v1/nodes/n%2F1', { verb: 'get', resource: 'nodes', name: 'n/1' }],
  ['GET', '/readyz?verbose', { verb: 'other', path: '/readyz' }],
  ['GET', '/apis/apps/v1', { verb: 'other' }],
  ['GET', '/api', { verb: 'other' }],
  ['GET', '/', { verb: 'other' }],
])('%s %s', (method, url, wanted) => {
  expect(apiRequest(method, url)).toMatchObject(wanted)
})

test('what changes something is a write', () => {
  const verbs = [
    'get',
    'list',
    'watch',
    'create',
    'update',
    'patch',
    'delete',
    'deletecollection',
    'other',
  ] as const
  expect(verbs.filter(verb => isWrite({ verb }))).toEqual([
    'create',
    'update',
    'patch',
    'delete',
    'deletecollection',
  ])
})
