import { expect, test } from 'vitest'
import { HEAD, refusal } from './refusal.ts'

test.each([
  [
    'a wrong type',
    HEAD + 'spec:\n  durationSeconds: 10s\n',
    'f.yaml:5:20: spec.durationSeconds: must be a whole number, not the text "10s"; write 10',
  ],
  ['minutes', HEAD + 'spec:\n  durationSeconds: 2m\n', 'not the text "2m"; write 120'],
  [
    'a broken number',
    HEAD + 'spec: {durationSeconds: 1.5}',
    'f.yaml:4:25: spec.durationSeconds: must be a whole number, not 1.5',
  ],
  [
    'a negative duration',
    HEAD + 'spec:\n  durationSeconds: -5\n',
    'f.yaml:5:20: spec.durationSeconds: must be at least 1, not -5',
  ],
  [
    'a namespaceSelector in scope Namespace',
    HEAD + 'spec: {namespaceSelector: {}}',
    'spec.namespaceSelector: is allowed only with scope Cluster',
  ],
  [
    'a name in capitals',
    HEAD.replace('name: a', 'name: Foo') + 'spec: {}',
    'f.yaml:3:18: metadata.name: must be a DNS-1123 label',
  ],
  [
    'a name with a dot',
    HEAD.replace('name: a', 'name: a.b') + 'spec: {}',
    'f.yaml:3:18: metadata.name: must be a DNS-1123 label',
  ],
  [
    'a bad label',
    HEAD.replace('name: a', 'name: a, labels: {"-x": y}') + 'spec: {}',
    'metadata.labels["-x"]: the key must be a label key',
  ],
  [
    'no name',
    HEAD.replace('name: a', '') + 'spec: {}',
    'f.yaml:3:1: metadata.name: missing; it must be text',
  ],
  ['a duration of zero', HEAD + 'spec: {durationSeconds: 0}', 'must be at least 1, not 0'],
  ['a duration of years', HEAD + 'spec: {durationSeconds: 99999999}', 'must be at most 604800, not 99999999'],
  ['a field named __proto__', HEAD + 'spec: {__proto__: {scope: Cluster}}', 'spec.__proto__: unknown field'],
  ['a field named constructor', HEAD + 'spec: {constructor: {}}', 'spec.constructor: unknown field'],
])('says of %s what is wrong and where', (_, text, wanted) => {
  const lines = refusal(text)
  expect(lines, lines.join('\n')).toHaveLength(1)
  expect(lines[0]).toContain(wanted)
})
