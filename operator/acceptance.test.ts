import { expect, test } from 'vitest'
import type { TraceJobSpec } from '../crds/trace-job.ts'
import { acceptanceOf } from './acceptance.ts'
import { aJob } from './fixtures.ts'
import { HANDOVER_BYTES_MAX, handover } from './handover.ts'

const accepted = (spec: unknown) => acceptanceOf(aJob({}, { spec: spec as TraceJobSpec }))

test('a spec is accepted with every default applied, also where the API server applied none', () => {
  expect(accepted({}).spec).toMatchObject({
    program: { openat: {} },
    scope: 'Namespace',
    startDeadlineSeconds: 120,
  })
})

test.each<[string, unknown, string, string]>([
  [
    'of a newer schema',
    { filter: { inodes: [1] } },
    'SpecInvalid',
    'This release does not understand the spec: spec.filter.inodes unknown field',
  ],
  [
    'of an older schema',
    { durationSeconds: '10s' },
    'SpecInvalid',
    'spec.durationSeconds must be a whole number, not the text "10s"',
  ],
  ['with much that is wrong', { a: 1, b: 2, c: 3, d: 4, e: 5 }, 'SpecInvalid', '; and 2 more.'],
  ['that is none', undefined, 'SpecInvalid', 'spec'],
  ['that is a text', 'everything', 'SpecInvalid', 'spec'],
  [
    'with a program of its own',
    { program: { source: { inline: 'int f;', attach: [{ kprobe: 'f', function: 'f' }], output: 'Perf' } } },
    'ProgramUnsupported',
    'Use program: {openat: {}}.',
  ],
])('a spec %s is refused, and it is said why', (_, spec, reason, words) => {
  const { refusal } = accepted(spec)
  expect(refusal?.reason).toBe(reason)
  expect(refusal?.message).toContain(words)
})

test('a spec that does not fit into an environment is refused', () => {
  const path = (i: number) => `/${'中'.repeat(80)}${i}`
  const expressions = Array.from({ length: 64 }, (_, i) => ({
    key: `k${i}`,
    operator: 'In',
    values: Array(64).fill('v'.repeat(63)),
  }))
  const filter = { pathPrefixes: Array.from({ length: 64 }, (_, i) => path(i)) }
  const { refusal } = accepted({ filter, podSelector: { matchExpressions: expressions } })
  expect(refusal?.reason).toBe('SpecTooLarge')
  expect(refusal?.message).toMatch(/^The spec is 2\d\d,\d{3} bytes of JSON, and at most 122,880/)
  expect(HANDOVER_BYTES_MAX).toBeLessThan(128 * 1024)
})

test.each([
  '/a$$b',
  '/$(TRACEJOB_NODE_NAME)',
  '/$',
  '/\'"\\ \n💥',
])('the path %j reaches the agent as it is: Kubernetes finds nothing to expand', path => {
  const { spec } = accepted({ filter: { pathPrefixes: [path] } })
  const text = handover(aJob(), spec!)
  expect(text).not.toContain('$')
  expect(JSON.parse(text).spec.filter.pathPrefixes).toEqual([path])
})
