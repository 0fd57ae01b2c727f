import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeyStore } from './key-store.ts'

const HASH = 7
const someKeys = fc.array(fc.uint8Array({ maxLength: 11 }), { maxLength: 20 })

function push(store: KeyStore, key: Uint8Array): number {
  return store.push(HASH, new DataView(key.buffer, key.byteOffset, key.length), 0, key.length)
}

function holds(store: KeyStore, slot: number, key: Uint8Array, hash = HASH): boolean {
  return store.holds(slot, hash, new DataView(key.buffer, key.byteOffset, key.length), 0, key.length)
}

test('holds just the keys it was given, each in its slot', () => {
  fc.assert(
    fc.property(someKeys, fc.uint8Array({ maxLength: 11 }), (keys, other) => {
      const store = new KeyStore(20, 11)
      keys.forEach((key, i) => {
        expect(push(store, key)).toBe(i)
      })
      keys.forEach((key, i) => {
        expect(Buffer.from(store.key(i))).toEqual(Buffer.from(key))
        expect(holds(store, i, key)).toBe(true)
        expect(holds(store, i, key, HASH + 1)).toBe(false)
        expect(holds(store, i, other)).toBe(Buffer.from(key).equals(other))
      })
    }),
  )
})

test('tells keys apart that differ in a single byte, wherever it is', () => {
  for (let length = 1; length <= 11; length++) {
    const store = new KeyStore(1, 11)
    push(store, new Uint8Array(length).fill(0x61))
    for (let at = 0; at < length; at++) {
      expect(holds(store, 0, new Uint8Array(length).fill(0x61).fill(0x62, at, at + 1))).toBe(false)
    }
  }
})

test('after forgetting some, the others stand together in order and there is room again', () => {
  fc.assert(
    fc.property(someKeys, fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }), (keys, kept) => {
      const store = new KeyStore(20, 11)
      for (const key of keys) push(store, key)
      const moves: number[][] = []
      store.compact(
        slot => kept[slot],
        (from, to) => moves.push([from, to]),
      )
      const left = keys.filter((_, i) => kept[i])
      expect(moves).toEqual(left.map((key, to) => [keys.indexOf(key), to]))
      expect(store.size).toBe(left.length)
      const all = [...left, ...keys].slice(0, 20)
      for (const key of all.slice(left.length)) push(store, key)
      expect(all.map((_, i) => Buffer.from(store.key(i)))).toEqual(all.map(key => Buffer.from(key)))
    }),
  )
})
