import { expect, test } from 'vitest'
import { ApiError, ConnectionFailed } from './errors.ts'
import { undeclaredFields, without } from './undeclared.ts'

const REQUEST = { verb: 'patch', resource: 'tracejobs/status', namespace: 'a', name: 'b' }
const refused = (message: string, status = 500) => new ApiError(REQUEST, { status, message })

// As kube-apiserver 1.37.2 words it.
const WORDS = 'failed to create typed patch object (a/b; tracejob.dev/v1alpha1, Kind=TraceJob): '

test.each<[string, unknown, string[]]>([
  ['one', refused(`${WORDS}.status.foo: field not declared in schema`), ['status.foo']],
  [
    'several, also in lists',
    refused(
      `${WORDS}errors:
  .status.conditions[type="Complete"].extra: field not declared in schema
  .status.failures[0].odd: field not declared in schema
  .status.failures[1].odd: field not declared in schema
  .status.top.files[12].deep.odd: field not declared in schema`,
    ),
    ['status.conditions.extra', 'status.failures.odd', 'status.top.files.deep.odd'],
  ],
  [
    'no more than were said in full',
    refused(
      `${WORDS}errors:\n  .status.foo: field not declared in schema\n  .status.${'x'.repeat(500)}: field not declared in schema`,
    ),
    ['status.foo'],
  ],
  ['nothing that it can not do without', refused(`${WORDS}.status: field not declared in schema`), []],
  ['nor what says which it is', refused(`${WORDS}.metadata.uid: field not declared in schema`), []],
  ['another failure of the server', refused('etcdserver: leader changed'), []],
  ['a refusal for other reasons', refused('.status.foo: field not declared in schema', 422), []],
  ['no answer', new ConnectionFailed(REQUEST, '.status.foo: field not declared in schema'), []],
])('names %s', (_, error, wanted) => {
  expect(undeclaredFields(error)).toEqual(wanted)
})

test('what is left out is left out everywhere, and nothing else is touched', () => {
  const object = {
    metadata: { name: 'b' },
    status: { foo: 1, nodes: { bar: 1, desired: 2 }, failures: [{ node: 'a', odd: 1 }, { node: 'b' }, null] },
  }
  const before = structuredClone(object)
  expect(
    without(object, ['status.foo', 'status.nodes.bar', 'status.failures.odd', 'status.no.such']),
  ).toEqual({
    metadata: { name: 'b' },
    status: { nodes: { desired: 2 }, failures: [{ node: 'a' }, { node: 'b' }, null] },
  })
  expect(object).toEqual(before)
})
