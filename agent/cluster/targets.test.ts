import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Answer, type Candidate, type Targeting, wanted, wantsHost } from './targets.ts'

const NAMESPACED: Targeting = { scope: 'Namespace', namespace: 'shop', containerNames: [] }
const CLUSTER: Targeting = { scope: 'Cluster', namespace: 'shop', containerNames: [] }
const FRONT = { matchLabels: { tier: 'front' } }
const PROD = { matchLabels: { env: 'prod' } }

/** A container named app of a pod in namespace shop, of which everything is known. */
const aContainer = (
  given: Partial<Candidate> & { namespace?: string; labels?: Record<string, string> } = {},
) => {
  const { namespace = 'shop', labels = {}, ...rest } = given
  return { pod: { namespace, labels }, namespaceLabels: {}, container: 'app', ...rest }
}

describe('processes of the host', () => {
  test.each<[boolean, string, Partial<Targeting>]>([
    [true, 'scope Cluster and nothing else', {}],
    [false, 'scope Namespace', { scope: 'Namespace' }],
    [false, 'a pod selector', { podSelector: FRONT }],
    [false, 'the pod selector that selects every pod', { podSelector: {} }],
    [false, 'a namespace selector', { namespaceSelector: {} }],
    [false, 'names of containers', { containerNames: ['app'] }],
  ])('are wanted (%s) with %s', (answer, _, targeting) => {
    expect(wantsHost({ ...CLUSTER, ...targeting })).toBe(answer)
  })
})

describe('a container is', () => {
  test.each<[Answer, string, Targeting, Candidate]>([
    ['wanted', 'in the namespace of the job', NAMESPACED, aContainer()],
    ['unwanted', 'in another', NAMESPACED, aContainer({ namespace: 'other' })],
    [
      'unwanted',
      'in another, whatever else is unknown',
      NAMESPACED,
      aContainer({ namespace: 'other', container: undefined }),
    ],
    ['wanted', 'anywhere in the cluster', CLUSTER, aContainer({ namespace: 'other' })],
    [
      'wanted',
      'of a pod with the labels',
      { ...NAMESPACED, podSelector: FRONT },
      aContainer({ labels: { tier: 'front' } }),
    ],
    ['unwanted', 'of a pod without', { ...NAMESPACED, podSelector: FRONT }, aContainer()],
    [
      'unwanted',
      'of a pod with the labels in another namespace',
      { ...NAMESPACED, podSelector: FRONT },
      aContainer({ namespace: 'other', labels: { tier: 'front' } }),
    ],
    [
      'wanted',
      'in a namespace with the labels',
      { ...CLUSTER, namespaceSelector: PROD },
      aContainer({ namespaceLabels: { env: 'prod' } }),
    ],
    ['unwanted', 'in a namespace without', { ...CLUSTER, namespaceSelector: PROD }, aContainer()],
    [
      'unknown',
      'in a namespace whose labels are not known',
      { ...CLUSTER, namespaceSelector: PROD },
      aContainer({ namespaceLabels: undefined }),
    ],
    [
      'wanted',
      'in a namespace whose labels nobody asks for',
      CLUSTER,
      aContainer({ namespaceLabels: undefined }),
    ],
    [
      'unwanted',
      'where the pod decides, whatever the namespace',
      { ...CLUSTER, namespaceSelector: PROD, podSelector: FRONT },
      aContainer({ namespaceLabels: undefined }),
    ],
    ['wanted', 'one of the names', { ...NAMESPACED, containerNames: ['db', 'app'] }, aContainer()],
    ['unwanted', 'none of the names', { ...NAMESPACED, containerNames: ['db'] }, aContainer()],
    [
      'unwanted',
      'the sandbox, where names are asked for',
      { ...NAMESPACED, containerNames: ['db'] },
      aContainer({ container: null }),
    ],
    ['wanted', 'the sandbox, where none are', NAMESPACED, aContainer({ container: null })],
    [
      'unknown',
      'of unknown name, where names are asked for',
      { ...NAMESPACED, containerNames: ['db'] },
      aContainer({ container: undefined }),
    ],
    ['wanted', 'of unknown name, where none are', NAMESPACED, aContainer({ container: undefined })],
  ])('%s: %s', (answer, _, targeting, candidate) => {
    expect(wanted(targeting, candidate)).toBe(answer)
  })
})

test('what was decided with less knowledge stays decided with more', () => {
  const labels = fc.dictionary(fc.constantFrom('tier', 'env'), fc.constantFrom('front', 'prod'))
  const targeting = fc.record({
    scope: fc.constantFrom('Namespace' as const, 'Cluster' as const),
    namespace: fc.constant('shop'),
    podSelector: fc.constantFrom<Targeting['podSelector']>(undefined, {}, FRONT),
    namespaceSelector: fc.constantFrom<Targeting['namespaceSelector']>(undefined, {}, PROD),
    containerNames: fc.constantFrom<string[]>([], ['app']),
  })
  const pod = fc.record({ namespace: fc.constantFrom('shop', 'other'), labels })
  const container = fc.constantFrom(null, 'app', 'db')
  fc.assert(
    fc.property(
      targeting,
      pod,
      labels,
      container,
      fc.boolean(),
      fc.boolean(),
      (t, pod, ns, container, knowsNs, knowsName) => {
        const whole = wanted(t, { pod, namespaceLabels: ns, container })
        const part = wanted(t, {
          pod,
          namespaceLabels: knowsNs ? ns : undefined,
          container: knowsName ? container : undefined,
        })
        expect(whole).not.toBe('unknown')
        if (part !== 'unknown') expect(part).toBe(whole)
      },
    ),
  )
})
