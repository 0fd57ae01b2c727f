import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anEvent, aRecord, hostileBytes } from './event.arbitrary.ts'
import { WaitingRoom } from './waiting-room.ts'

/** Adds the record of an event whose path is `path`; returns whether there was room. */
function add(room: WaitingRoom, id: bigint, path: Uint8Array | string): boolean {
  const { v, p, bytes } = aRecord(anEvent({ path, cgroupId: id }))
  return room.add(id, v, p, bytes)
}

/** What comes out: the bytes of each record. */
function released(room: WaitingRoom, id: bigint, lengths: readonly number[]): Buffer[] {
  const out: Buffer[] = []
  room.release(id, (v, p) => {
    expect(p % 4).toBe(0)
    expect(v.u16[p >> 1]! | (v.u16[(p >> 1) + 1]! << 16)).toBe(v.i32[p >> 2]!)
    out.push(Buffer.from(v.u8.subarray(p, p + lengths[out.length]!)))
  })
  return out
}

const recordOf = (id: bigint, path: Uint8Array) => {
  const { v, p, bytes } = aRecord(anEvent({ path, cgroupId: id }))
  return Buffer.from(v.u8.subarray(p, p + bytes))
}

describe('the waiting room', () => {
  test('gives back what it took, to each cgroup its own, in order and once', () => {
    const waiting = fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 3n }), hostileBytes(300)), { maxLength: 60 })
    fc.assert(
      fc.property(waiting, fc.integer({ min: 1024, max: 20_000 }), (all, bytes) => {
        const room = new WaitingRoom(bytes)
        const taken = all.filter(([id, path]) => add(room, id, path))
        expect(room.count).toBe(taken.length)
        expect(new Set(room.ids())).toEqual(new Set(taken.map(([id]) => id)))
        for (const id of [0n, 1n, 2n, 3n]) {
          const wanted = taken.filter(each => each[0] === id).map(([id, path]) => recordOf(id, path))
          const lengths = wanted.map(({ length }) => length)
          expect(released(room, id, lengths)).toEqual(wanted)
          expect(released(room, id, [])).toEqual([])
        }
        expect(room.count).toBe(0)
        expect(room.ids()).toEqual([])
      }),
    )
  })

  test('is never fuller than it may be, and leaves half of what is free to others', () => {
    const room = new WaitingRoom(1 << 20)
    let hog = 0
    while (add(room, 1n, 'x'.repeat(100))) hog++
    const record = aRecord(anEvent({ path: 'x'.repeat(100) })).bytes
    expect(hog * record).toBeLessThanOrEqual(1 << 19)
    expect(hog * record).toBeGreaterThan(1 << 18)
    let second = 0
    while (add(room, 2n, 'x'.repeat(100))) second++
    expect(second * record).toBeGreaterThan(1 << 16)
    expect(add(room, 3n, 'first open')).toBe(true)
    expect(add(room, 1n, 'x'.repeat(100))).toBe(false)
  })

  test('has its whole room again once everything is released', () => {
    const room = new WaitingRoom(64 << 10)
    const fill = () => {
      let count = 0
      while (add(room, 1n, 'a path')) count++
      return count
    }
    const first = fill()
    room.release(1n, () => {})
    expect(fill()).toBe(first)
  })

  test('may be asked again from within: what is released is out already', () => {
    const room = new WaitingRoom()
    add(room, 1n, 'a')
    add(room, 1n, 'b')
    let seen = 0
    room.release(1n, () => {
      seen++
      expect(room.count).toBe(seen === 1 ? 0 : 1)
      if (seen === 1) add(room, 1n, 'c')
    })
    expect(seen).toBe(2)
    expect(room.count).toBe(1)
  })
})
