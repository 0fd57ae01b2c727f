/** Mistakes about whose opens are traced, and on which nodes. */
import { having, type Mistake } from './mistake.ts'

const podLabels = (matchExpression: object) => ({
  podSelector: { matchExpressions: [{ key: 'a', ...matchExpression }] },
})
const TERMS = 'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms'
const nodes = (...nodeSelectorTerms: object[]) => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
})
const nodeLabels = (expression: object) => nodes({ matchExpressions: [{ key: 'a', ...expression }] })
const SOME = 'must have at least one value with the operator In or NotIn'
const NONE = 'must be empty with the operator Exists or DoesNotExist'

export const TARGET_MISTAKES: Mistake[] = [
  having('a misspelt scope', 'scope', { scope: 'cluster' }),
  having(
    'namespaces in scope Namespace',
    'namespaceSelector',
    { namespaceSelector: {} },
    'is allowed only with scope Cluster',
  ),
  having('a label key with two slashes', 'podSelector.matchLabels', {
    podSelector: { matchLabels: { 'a/b/c': '' } },
  }),
  having('a label key too long', 'nodeSelector', { nodeSelector: { [`a/${'b'.repeat(64)}`]: '' } }),
  having('a label value that is none', 'podSelector.matchLabels.a', {
    podSelector: { matchLabels: { a: '-' } },
  }),
  having(
    'a requirement of no value',
    'podSelector.matchExpressions[0].values',
    podLabels({ operator: 'In' }),
    SOME,
  ),
  having(
    'a requirement of a value too many',
    'podSelector.matchExpressions[0].values',
    podLabels({ operator: 'Exists', values: ['a'] }),
    NONE,
  ),
  having(
    'an operator for numbers',
    'podSelector.matchExpressions[0].operator',
    podLabels({ operator: 'Gt', values: ['1'] }),
  ),
  having('a container of no such name', 'containerNames[0]', { containerNames: ['A'] }),
  having('65 containers', 'containerNames', { containerNames: Array(65).fill('a') }),
  having('no term for nodes', TERMS, nodes()),
  having(
    'a node requirement of no value',
    `${TERMS}[0].matchExpressions[0].values`,
    nodeLabels({ operator: 'NotIn' }),
    SOME,
  ),
  having(
    'a node requirement of a value too many',
    `${TERMS}[0].matchExpressions[0].values`,
    nodeLabels({ operator: 'DoesNotExist', values: ['a'] }),
    NONE,
  ),
  having(
    'more than a word',
    `${TERMS}[0].matchExpressions[0].values`,
    nodeLabels({ operator: 'Gt', values: ['a'] }),
    'must be one whole number',
  ),
  having(
    'a field nodes are not selected by',
    `${TERMS}[0].matchFields[0].key`,
    nodes({ matchFields: [{ key: 'a', operator: 'In', values: ['a'] }] }),
  ),
  having(
    'a toleration of no key',
    'tolerations[0].operator',
    { tolerations: [{ value: 'a' }] },
    'must be Exists when there is no key',
  ),
  having(
    'a toleration of any value, and of one',
    'tolerations[0].value',
    { tolerations: [{ operator: 'Exists', value: 'a' }] },
    'must be absent with the operator Exists',
  ),
  having(
    'a toleration that ends, of what does not evict',
    'tolerations[0].tolerationSeconds',
    { tolerations: [{ operator: 'Exists', tolerationSeconds: 1 }] },
    'is only for the effect NoExecute',
  ),
]
