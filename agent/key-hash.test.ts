import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KeyHash, randomFrom } from './key-hash.ts'

function hashed(hash: KeyHash, bytes: Uint8Array): number {
  return hash.of(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length)
}

test('depends on the bytes alone, not on where they lie', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 7 }), fc.nat(), (bytes, offset, seed) => {
      const hash = new KeyHash(seed, 40)
      const elsewhere = new Uint8Array(offset + bytes.length + 5).fill(0xaa)
      elsewhere.set(bytes, offset)
      const there = hash.of(new DataView(elsewhere.buffer), offset, offset + bytes.length)
      expect(there).toBe(hashed(hash, Uint8Array.from(bytes)))
    }),
  )
})

test.each([
  ['zeros of different lengths', (i: number) => new Uint8Array(i)],
  ['numbered names', (i: number) => Buffer.from(`/tmp/${String(i).padStart(6, '0')}`)],
  [
    'names that differ in one early byte',
    (i: number) => Buffer.from(`${String.fromCharCode(33 + i)}/same/tail`),
  ],
  [
    'single bits',
    (i: number) => Uint8Array.from({ length: 32 }, (_, byte) => (byte === i >> 3 ? 1 << (i & 7) : 0)),
  ],
])('spreads %s over a table', (_, key) => {
  const taken = Array.from({ length: 200 }, (_, seed) => {
    const hash = new KeyHash(seed, 200)
    return new Set(Array.from({ length: 90 }, (_, i) => hashed(hash, Uint8Array.from(key(i))) >>> 20)).size
  })
  // Of 4096 places; about one pair in each 90 keys should meet.
  expect(taken.reduce((sum, n) => sum + n) / taken.length).toBeGreaterThan(88)
  expect(Math.min(...taken)).toBeGreaterThan(70)
})

test('keys that were made to meet under one seed do not meet under another', () => {
  const known = new KeyHash(1, 16)
  const keys = Array.from({ length: 200_000 }, (_, i) => Buffer.from(`/x/${i}`)).map(bytes =>
    Uint8Array.from(bytes),
  )
  const meeting = keys.filter(key => hashed(known, key) >>> 22 === 7) // one place of 1024
  expect(meeting.length).toBeGreaterThan(100)
  const other = new KeyHash(2, 16)
  const places = new Set(meeting.map(key => hashed(other, key) >>> 22))
  expect(places.size).toBeGreaterThan(meeting.length / 2)
})

test('seeds, zero too, give different numbers, and the same seed the same', () => {
  const first = (seed: number) => Array.from({ length: 4 }, randomFrom(seed))
  expect(first(0)).toEqual(first(0))
  expect(new Set([...first(0), ...first(1), ...first(-1)]).size).toBe(12)
})
