import { describe, expect, test } from 'vitest'
import { CgroupMap } from './cgroup-map.ts'

/** A hash map of the kernel, as far as it is asked. */
class FakeObject {
  readonly entries = new Map<bigint, number>()

  put(map: string, key: Uint8Array, value: Uint8Array): void {
    expect(map).toBe('cgroups')
    expect(key).toHaveLength(8)
    expect(value).toHaveLength(1)
    this.entries.set(idOf(key), value[0]!)
    if (this.entries.size > 16_384) throw new Error('E2BIG')
  }

  remove(_map: string, key: Uint8Array): void {
    this.entries.delete(idOf(key))
  }
}

const idOf = (key: Uint8Array) => Buffer.from(key).readBigUInt64LE()

describe('the map of cgroups', () => {
  test('has a 1 for what is wanted and a 0 for what is not', () => {
    const object = new FakeObject()
    const map = new CgroupMap(object)
    map.put(1n, true)
    map.put(0xffff_ffff_0000_0001n, false)
    expect([...object.entries]).toEqual([
      [1n, 1],
      [0xffff_ffff_0000_0001n, 0],
    ])
    map.put(1n, false)
    expect(object.entries.get(1n)).toBe(0)
    map.delete(1n)
    map.delete(2n)
    expect([...object.entries.keys()]).toEqual([0xffff_ffff_0000_0001n])
  })

  test('is never asked to hold more than it can', () => {
    const object = new FakeObject()
    const map = new CgroupMap(object)
    for (let id = 1n; id <= 17_000n; id++) map.put(id, false)
    expect(object.entries.size).toBe(16_384)
    map.put(1n, true)
    expect(object.entries.get(1n)).toBe(1)
    map.delete(2n)
    map.put(99_999n, false)
    expect(object.entries.has(99_999n)).toBe(true)
  })
})
