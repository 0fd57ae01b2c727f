import { describe, expect, test } from 'vitest'
import type { Told } from '../origins.ts'
import { type Evidence, isSame, judge, PATIENCE } from './judgement.ts'
import { aPod } from './pods.fake.ts'
import type { Targeting } from './targets.ts'

const NAMESPACED: Targeting = { scope: 'Namespace', namespace: 'shop', containerNames: [] }
const CLUSTER: Targeting = { ...NAMESPACED, scope: 'Cluster' }
const NAMED: Targeting = { ...NAMESPACED, containerNames: ['app'] }

const place = { podUid: 'u', containerId: 'c' }
const pod = aPod({ uid: 'u', name: 'web' })
const foreign = aPod({ uid: 'u', namespace: 'other' })
const LATE = Number.POSITIVE_INFINITY
const web = { namespace: 'shop', pod: 'web' }

describe('whose it is', () => {
  test.each<[string, Targeting, Partial<Evidence>, Told | undefined]>([
    ['is worth waiting for while its path may be found', NAMESPACED, { place: undefined }, undefined],
    [
      'nobody can tell without a path',
      NAMESPACED,
      { place: undefined, ageMs: PATIENCE.pathMs },
      { verdict: 'untold' },
    ],
    ['is nobody’s of this node', CLUSTER, { place: 'elsewhere' }, { verdict: 'unwanted' }],
    ['is the host’s, which is not wanted', NAMESPACED, { place: null }, { verdict: 'unwanted' }],
    ['is the host’s, which is wanted', CLUSTER, { place: null }, { verdict: 'wanted', whose: 'host' }],
    [
      'is a container’s',
      NAMESPACED,
      { pod, container: 'app' },
      { verdict: 'wanted', whose: { ...web, container: 'app' } },
    ],
    ['is a sandbox’s', NAMESPACED, { pod, container: null }, { verdict: 'wanted', whose: web }],
    ['is foreign, whatever container it is', NAMESPACED, { pod: foreign }, { verdict: 'unwanted' }],
    ['waits for the name of the container', NAMESPACED, { pod }, undefined],
    [
      'waits no longer than that',
      NAMESPACED,
      { pod, ageMs: PATIENCE.nameMs },
      { verdict: 'wanted', whose: web },
    ],
    ['waits longer where the name decides', NAMED, { pod, ageMs: PATIENCE.nameMs }, undefined],
    [
      'can not be told where the name decides and never comes',
      NAMED,
      { pod, ageMs: LATE },
      { verdict: 'untold' },
    ],
    ['waits for the pod', NAMESPACED, { ageMs: PATIENCE.decisionMs - 1 }, undefined],
    ['can not be told without the pod', NAMESPACED, { ageMs: PATIENCE.decisionMs }, { verdict: 'untold' }],
    [
      'waits less for the pod where it is wanted in any case',
      CLUSTER,
      { ageMs: PATIENCE.podMs },
      { verdict: 'untold' },
    ],
  ])('%s', (_, targeting, evidence, told) => {
    expect(judge(targeting, { place, ageMs: 0, ...evidence })).toEqual(told)
  })

  test('is the same, or not', () => {
    const told: Told = { verdict: 'wanted', whose: { ...web, container: 'app' } }
    expect(isSame(told, structuredClone(told))).toBe(true)
    expect(isSame(told, { verdict: 'wanted', whose: web })).toBe(false)
    expect(isSame(told, { verdict: 'unwanted' })).toBe(false)
  })
})
