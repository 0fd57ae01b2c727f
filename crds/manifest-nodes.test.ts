import { expect, test } from 'vitest'
import { HEAD, refusal } from './refusal.ts'

const TERM = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].'
const affinity = (term: string) =>
  `${HEAD}spec: {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [${term}]}}}}`

test.each([
  [
    'a requirement without values',
    affinity('{matchExpressions: [{key: a, operator: In}]}'),
    TERM + 'matchExpressions[0].values: must have at least one value with the operator In or NotIn',
  ],
  [
    'a requirement with values too many',
    affinity('{matchExpressions: [{key: a, operator: Exists, values: [b]}]}'),
    TERM + 'matchExpressions[0].values: must be empty with the operator Exists or DoesNotExist',
  ],
  [
    'a comparison with a word',
    affinity('{matchExpressions: [{key: a, operator: Gt, values: [many]}]}'),
    TERM + 'matchExpressions[0].values: must be one whole number with the operator Gt or Lt',
  ],
  [
    'a comparison with two numbers',
    affinity('{matchExpressions: [{key: a, operator: Lt, values: ["1", "2"]}]}'),
    'must be one whole number with the operator Gt or Lt',
  ],
  [
    'a value that no label has',
    affinity('{matchExpressions: [{key: a, operator: In, values: [a b]}]}'),
    TERM + 'matchExpressions[0].values[0]: must be a label value',
  ],
  [
    'a field that nodes are not selected by',
    affinity('{matchFields: [{key: spec.unschedulable, operator: In, values: [a]}]}'),
    TERM + 'matchFields[0].key: must be metadata.name, not the text "spec.unschedulable"',
  ],
  [
    'a field compared with two values',
    affinity('{matchFields: [{key: metadata.name, operator: In, values: [a, b]}]}'),
    TERM + 'matchFields[0].values: must have at most 1 items (has 2)',
  ],
  [
    'a label key with too long a prefix',
    `${HEAD}spec: {nodeSelector: {${'a'.repeat(254)}/b: c}}`,
    'must be a label key: at most 253 characters before the "/"',
  ],
  [
    'a label key with too long a name',
    `${HEAD}spec: {nodeSelector: {a/${'b'.repeat(64)}: c}}`,
    'must be a label key: at most 63 characters after the "/"',
  ],
  [
    'a toleration of every key that is not for every value',
    HEAD + 'spec: {tolerations: [{operator: Equal, value: a}]}',
    'spec.tolerations[0].operator: must be Exists when there is no key',
  ],
])('says of %s what is wrong and where', (_, text, wanted) => {
  const lines = refusal(text)
  expect(lines, lines.join('\n')).toHaveLength(1)
  expect(lines[0]).toContain(wanted)
})
