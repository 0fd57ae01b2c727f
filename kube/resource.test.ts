import { describe, expect, test } from 'vitest'
import { apiVersionOf, DAEMON_SETS, LEASES, NODES, PODS, pathOf } from './resource.ts'

describe('the path', () => {
  test.each([
    ['of all namespaces', pathOf(PODS), '/api/v1/pods'],
    ['of one namespace', pathOf(PODS, { namespace: 'a' }), '/api/v1/namespaces/a/pods'],
    [
      'of an object',
      pathOf(LEASES, { namespace: 'a', name: 'b' }),
      '/apis/coordination.k8s.io/v1/namespaces/a/leases/b',
    ],
    ['of what lies in no namespace', pathOf(NODES, { name: 'b' }), '/api/v1/nodes/b'],
    [
      'of a part of an object',
      pathOf(DAEMON_SETS, { namespace: 'a', name: 'b', subresource: 'status' }),
      '/apis/apps/v1/namespaces/a/daemonsets/b/status',
    ],
    [
      'of a hostile name',
      pathOf(PODS, { namespace: 'a', name: '../b?c#d' }),
      '/api/v1/namespaces/a/pods/..%2Fb%3Fc%23d',
    ],
  ])('%s', (_, path, wanted) => {
    expect(path).toBe(wanted)
  })

  test.each(['.', '..'])('never leads elsewhere by the name "%s"', name => {
    expect(() => pathOf(PODS, { namespace: 'a', name })).toThrow(RangeError)
    expect(() => pathOf(PODS, { namespace: name, name: 'a' })).toThrow(RangeError)
  })
})

test('the apiVersion of the core group has no group', () => {
  expect([apiVersionOf(PODS), apiVersionOf(DAEMON_SETS)]).toEqual(['v1', 'apps/v1'])
})
