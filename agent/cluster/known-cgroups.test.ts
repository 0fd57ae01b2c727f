import { describe, expect, test } from 'vitest'
import { type KnownCgroup, KnownCgroups } from './known-cgroups.ts'

const UID = '2f6d1c54-5a6d-4c1e-9e2d-8f0b3a7b1f3e'
const PATH = `/kubepods/pod${UID}/${'a'.repeat(64)}`

function someCgroups(room?: number) {
  const forgotten: bigint[] = []
  const known = new KnownCgroups(({ id }) => forgotten.push(id), undefined, room)
  return { known, forgotten }
}

const ids = (cgroups: Iterable<KnownCgroup>) => [...cgroups].map(({ id }) => id)

describe('the cgroups known', () => {
  test('are found by their pod', () => {
    const { known } = someCgroups()
    known.place(known.add(1n, 0, true), { path: PATH })
    known.place(known.add(2n, 0, true), { path: `${PATH}/nested` })
    known.place(known.add(3n, 0, true), { path: '/init.scope' })
    known.place(known.add(4n, 0, true), 'elsewhere')
    known.place(known.add(5n, 0, true), 'gone')
    expect(ids(known.ofPod(UID))).toEqual([1n, 2n])
    expect(known.get(1n)!.place).toEqual({ podUid: UID, containerId: 'a'.repeat(64) })
    expect([3n, 4n, 5n].map(id => known.get(id)!.place)).toEqual([null, 'elsewhere', undefined])
    expect(ids(known.ofPod('another'))).toEqual([])
  })

  test('are forgotten a while after they are gone, unless they come back', () => {
    const { known, forgotten } = someCgroups()
    for (const id of [1n, 2n, 3n]) known.place(known.add(id, 0, true), { path: `${PATH}/${id}` })
    expect(known.mourn(1n, 10)).toBe(true)
    expect(known.mourn(2n, 20)).toBe(true)
    expect(known.mourn(3n, 30)).toBe(true)
    expect(known.mourn(4n, 30)).toBe(false)
    expect(known.add(2n, 40, true).sinceMs).toBe(0)
    expect(known.forget(10)).toBe(true)
    expect(forgotten).toEqual([1n])
    expect(known.forget(30)).toBe(false)
    expect(forgotten).toEqual([1n, 3n])
    expect(ids(known.ofPod(UID))).toEqual([2n])
    expect(ids(known.all())).toEqual([2n])
  })

  test('are no more than there is room for: what is gone the longest makes room', () => {
    const { known, forgotten } = someCgroups(2)
    known.add(1n, 0, true)
    known.add(2n, 0, true)
    known.mourn(2n, 5)
    known.mourn(1n, 6)
    expect(known.add(3n, 7, true).id).toBe(3n)
    expect(forgotten).toEqual([2n])
  })

  test('that nobody follows make room too, the longest known first', () => {
    const { known, forgotten } = someCgroups(3)
    for (const id of [1n, 2n, 3n]) known.add(id, 0, false)
    known.add(1n, 1, true)
    known.add(4n, 2, false)
    expect(forgotten).toEqual([2n])
    known.mourn(1n, 3)
    known.add(5n, 4, false)
    expect(forgotten).toEqual([2n, 1n])
    expect(ids(known.all())).toEqual([3n, 4n, 5n])
  })
})
