import { describe, expect, test } from 'vitest'
import { apiRequest } from './api-request.ts'
import { INTERNAL_ERROR, UNAUTHORIZED } from './fault.ts'
import { fits, type Match, Rules } from './rules.ts'

const GET_POD = apiRequest('GET', '/api/v1/namespaces/shop/pods/web')
const WATCH = apiRequest('GET', '/api/v1/namespaces/shop/pods?watch=true')
const PATCH_STATUS = apiRequest('PATCH', '/apis/tracejob.dev/v1alpha1/namespaces/shop/tracejobs/a/status')

test.each<[string, Match, boolean[]]>([
  ['everything', {}, [true, true, true]],
  ['a verb', { verb: 'watch' }, [false, true, false]],
  ['one of several verbs', { verb: ['get', 'watch'] }, [true, true, false]],
  ['a resource', { resource: 'pods' }, [true, true, false]],
  ['a namespace', { namespace: 'other' }, [false, false, false]],
  ['a name', { resource: 'pods', name: 'web' }, [true, false, false]],
  ['a subresource', { subresource: 'status' }, [false, false, true]],
  ['what a function says', { where: ({ query }) => query.has('watch') }, [false, true, false]],
])('a rule may be about %s', (_, match, wanted) => {
  expect([GET_POD, WATCH, PATCH_STATUS].map(request => fits(match, request))).toEqual(wanted)
})

describe('rules', () => {
  test('befall so many requests, and then the next rule does', () => {
    const rules = new Rules()
    const first = rules.add(INTERNAL_ERROR, { verb: 'get' }, 2)
    rules.add(UNAUTHORIZED, {}, 1)
    expect([GET_POD, WATCH, GET_POD, GET_POD].map(request => rules.take(request))).toEqual([
      INTERNAL_ERROR,
      UNAUTHORIZED,
      INTERNAL_ERROR,
      undefined,
    ])
    expect(first.hits).toBe(2)
  })

  test('are gone when disposed of, or cleared', () => {
    const rules = new Rules()
    rules.add(INTERNAL_ERROR, {}, Infinity)[Symbol.dispose]()
    expect(rules.take(GET_POD)).toBeUndefined()
    rules.add(INTERNAL_ERROR, {}, Infinity)
    rules.clear()
    expect(rules.take(GET_POD)).toBeUndefined()
  })
})
