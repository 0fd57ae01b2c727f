import { describe, expect, test } from 'vitest'
import {
  type Candidate,
  type Lease,
  type LeaseSpec,
  observed,
  released,
  renewed,
  stepTowards,
} from './lease.ts'

const NOON = new Date('2026-11-23T12:00:00.123Z')
const NOON_MICRO = '2026-11-23T12:00:00.123000Z'
const LONG_AGO = '1999-12-31T23:59:59.000000Z'
const IN_TEN_MINUTES = '2026-11-23T12:10:00.000000Z'

const us: Candidate = { namespace: 'tracejob', name: 'operator', identity: 'us', leaseSeconds: 15 }

const aLease = (spec: LeaseSpec = {}): Lease => ({
  metadata: {
    namespace: 'tracejob',
    name: 'operator',
    uid: 'u1',
    resourceVersion: '7',
    labels: { kept: 'yes' },
  },
  spec: {
    holderIdentity: 'them',
    leaseDurationSeconds: 15,
    acquireTime: LONG_AGO,
    renewTime: LONG_AGO,
    leaseTransitions: 4,
    ...spec,
  },
})

const step = (lease: Lease | undefined, { seenForMs = 0 } = {}) =>
  stepTowards(us, lease && { lease, sinceMs: 1000 }, 1000 + seenForMs, NOON)

describe('a candidate', () => {
  test('makes the Lease if there is none', () => {
    expect(step(undefined)).toEqual({
      do: 'create',
      lease: {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { namespace: 'tracejob', name: 'operator' },
        spec: {
          holderIdentity: 'us',
          leaseDurationSeconds: 15,
          acquireTime: NOON_MICRO,
          renewTime: NOON_MICRO,
          leaseTransitions: 0,
        },
      },
    })
  })

  test.each([
    ['released', { holderIdentity: '', leaseDurationSeconds: 1 }, 5],
    ['held by nobody ever', { holderIdentity: undefined, leaseTransitions: undefined } as never, 1],
  ])('takes one that is %s at once, and counts the transition', (_, spec: LeaseSpec, leaseTransitions) => {
    expect(step(aLease(spec))).toEqual({
      do: 'replace',
      lease: {
        ...aLease(),
        spec: {
          holderIdentity: 'us',
          leaseDurationSeconds: 15,
          acquireTime: NOON_MICRO,
          renewTime: NOON_MICRO,
          leaseTransitions,
        },
      },
    })
  })

  test('takes one without any spec', () => {
    const { spec: _, ...lease } = aLease()
    expect(step(lease)).toMatchObject({ do: 'replace', lease: { spec: { leaseTransitions: 1 } } })
  })

  test('goes on with its own, also one that has run out, and it is no transition', () => {
    const wanted = { holderIdentity: 'us', acquireTime: LONG_AGO, renewTime: NOON_MICRO, leaseTransitions: 4 }
    for (const seenForMs of [0, 60_000])
      expect(step(aLease({ holderIdentity: 'us' }), { seenForMs })).toMatchObject({
        do: 'replace',
        lease: { spec: wanted },
      })
  })

  test.each([
    ['by a clock long behind', LONG_AGO],
    ['by a clock ahead', IN_TEN_MINUTES],
    ['never', undefined as never],
  ])('waits for another that was renewed %s until it has been seen unchanged for as long as it lasts', (_, renewTime) => {
    expect(step(aLease({ renewTime }), { seenForMs: 14_999 })).toEqual({ do: 'wait', untilMs: 16_000 })
    expect(step(aLease({ renewTime }), { seenForMs: 15_000 })).toMatchObject({ do: 'replace' })
  })

  test.each([
    ['as long as its holder says', 40, 40_000],
    ['as long as ours would last if its holder does not say', undefined as never, 15_000],
  ])('waits %s', (_, leaseDurationSeconds, forMs) => {
    expect(step(aLease({ leaseDurationSeconds }))).toEqual({ do: 'wait', untilMs: 1000 + forMs })
  })

  test('keeps what else stands in it, and the resourceVersion that decides', () => {
    const taken = step(aLease({ holderIdentity: '' }))
    expect(taken).toMatchObject({ lease: { metadata: aLease().metadata } })
  })
})

describe('a Lease that is looked at again', () => {
  const before = observed(undefined, aLease(), 1000)

  test.each([
    ['is the same', aLease(), 1000],
    [
      'is the same although a label was put on it',
      { ...aLease(), metadata: { ...aLease().metadata, resourceVersion: '8', labels: { more: 'yes' } } },
      1000,
    ],
    ['is renewed', aLease({ renewTime: IN_TEN_MINUTES }), 5000],
    ['is renewed by a clock that was set back', aLease({ renewTime: '1998-01-01T00:00:00.000000Z' }), 5000],
    ["is another's", aLease({ holderIdentity: 'a third' }), 5000],
    ['is another of the same name', { ...aLease(), metadata: { ...aLease().metadata, uid: 'u2' } }, 5000],
  ])('%s', (_, lease, sinceMs) => {
    expect(observed(before, lease, 5000)).toEqual({ lease, sinceMs })
  })
})

test('a renewal changes its time only', () => {
  const held = aLease({ holderIdentity: 'us' })
  expect(renewed(held, us, NOON)).toEqual(aLease({ holderIdentity: 'us', renewTime: NOON_MICRO }))
})

test('a release frees it, and is valid for the API server', () => {
  expect(released(aLease({ holderIdentity: 'us' }), NOON).spec).toEqual({
    holderIdentity: '',
    leaseDurationSeconds: 1,
    acquireTime: NOON_MICRO,
    renewTime: NOON_MICRO,
    leaseTransitions: 4,
  })
})
