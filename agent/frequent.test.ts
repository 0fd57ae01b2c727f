import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Frequent } from './frequent.ts'

function add(frequent: Frequent, text: string): number {
  const bytes = Buffer.from(text, 'latin1')
  return frequent.add(bytes, 0, bytes.length)
}

function tops(frequent: Frequent, k = Infinity): [string, number, number][] {
  return frequent.top(k).map(({ key, count, error }) => [Buffer.from(key).toString('latin1'), count, error])
}

/** True counts of the same keys, the slow way. */
function counted(keys: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

const aKey = fc.oneof(
  fc.integer({ min: 0, max: 40 }).map(n => `/etc/file-${n}`),
  fc.constantFrom('', 'a', 'ab', 'abc', 'abcd', 'abcde', 'a\0', 'a\0\0', '\0', '\xff\xfe', 'x'.repeat(32)),
  fc.uint8Array({ maxLength: 32 }).map(bytes => Buffer.from(bytes).toString('latin1')),
)

describe('with no more different keys than its capacity', () => {
  test('counts exactly, whatever the keys and wherever they lie in memory', () => {
    fc.assert(
      fc.property(fc.array(aKey, { maxLength: 200 }), fc.nat(), fc.nat({ max: 9 }), (keys, seed, offset) => {
        const frequent = new Frequent(200, 32, seed)
        for (const key of keys) {
          const memory = Buffer.from(`#${'#'.repeat(offset)}${key}~~~`, 'latin1')
          frequent.add(memory.subarray(1), offset, offset + key.length)
        }
        expect(new Map(tops(frequent).map(([key, count]) => [key, count]))).toEqual(counted(keys))
        expect(frequent.approximate).toBe(false)
        expect(frequent.total).toBe(keys.length)
      }),
    )
  })

  test('gives a key the same slot each time, and different keys different slots', () => {
    const frequent = new Frequent(3, 16, 1)
    expect(['a', 'b', 'a', 'c', 'b'].map(key => add(frequent, key))).toEqual([0, 1, 0, 2, 1])
    expect(frequent.generation).toBe(0)
  })

  test('lists the highest counts first and no more than asked for', () => {
    const frequent = new Frequent(8, 16, 1)
    expect(tops(frequent)).toEqual([])
    for (const key of ['b', 'a', 'c', 'a', 'c', 'a']) add(frequent, key)
    expect(tops(frequent, 2)).toEqual([
      ['a', 3, 0],
      ['c', 2, 0],
    ])
  })
})

describe('with more', () => {
  test('keeps every true count in [count, count + error], errors small and the total exact', () => {
    fc.assert(
      fc.property(
        fc.array(aKey, { minLength: 50, maxLength: 600 }),
        fc.integer({ min: 1, max: 30 }),
        fc.nat(),
        (keys, capacity, seed) => {
          const frequent = new Frequent(capacity, 32, seed)
          for (const key of keys) add(frequent, key)
          const counts = counted(keys)
          const listed = tops(frequent)
          expect(frequent.total).toBe(keys.length)
          expect(listed.length).toBeLessThanOrEqual(capacity)
          expect(new Set(listed.map(([key]) => key)).size).toBe(listed.length)
          for (const [key, count, error] of listed) {
            expect(counts.get(key)).toBeGreaterThanOrEqual(count)
            expect(counts.get(key)).toBeLessThanOrEqual(count + error)
            expect(error).toBeLessThanOrEqual((2 * keys.length) / capacity)
          }
          // Nor can a key that is missing have been frequent.
          const missing = [...counts].filter(([key]) => !listed.some(([other]) => other === key))
          for (const [, count] of missing) expect(count).toBeLessThanOrEqual((2 * keys.length) / capacity)
          if (!frequent.approximate) expect(missing).toEqual([])
        },
      ),
    )
  })

  test('finds the frequent among a million that come once', () => {
    const frequent = new Frequent(512, 64, 7)
    const bytes = Buffer.alloc(64)
    for (let i = 0; i < 1_000_000; i++) {
      frequent.add(bytes, 0, bytes.write(`/tmp/flood/${i}`))
      if (i % 50 === 0) add(frequent, '/etc/shadow')
    }
    // There from the beginning, so without error.
    expect(tops(frequent, 1)).toEqual([['/etc/shadow', 20_000, 0]])
    expect(frequent.approximate).toBe(true)
    expect(frequent.total).toBe(1_020_000)
  })

  test('changes its generation whenever slots may have moved, and only then', () => {
    fc.assert(
      fc.property(fc.array(aKey, { maxLength: 300 }), keys => {
        const frequent = new Frequent(10, 32, 3)
        let generation = 0
        let slots = new Map<string, number>()
        for (const key of keys) {
          const slot = add(frequent, key)
          if (frequent.generation !== generation) slots = new Map()
          generation = frequent.generation
          expect(slots.get(key) ?? slot).toBe(slot)
          expect([...slots].filter(([other, taken]) => taken === slot && other !== key)).toEqual([])
          slots.set(key, slot)
        }
        expect(generation > 0).toBe(frequent.approximate)
      }),
    )
  })
})

test('counts keys that are too long together with all that begin alike, and says so', () => {
  const frequent = new Frequent(8, 4, 1)
  for (const key of ['abcd', 'abcdef', 'abcdXY', 'abc', 'abce']) add(frequent, key)
  const listed = frequent.top(8).map(({ key, count, cut }) => [Buffer.from(key).toString(), count, cut])
  expect(listed).toEqual([
    ['abcd', 3, true],
    ['abc', 1, false],
    ['abce', 1, false],
  ])
})

test('hands out copies: what becomes of them is nothing to it', () => {
  const frequent = new Frequent(8, 16, 1)
  add(frequent, 'key')
  frequent.top(1)[0].key.fill(0)
  expect(tops(frequent)).toEqual([['key', 1, 0]])
})

test.each([
  [0, 16],
  [65537, 16],
  [Number.NaN, 16],
  [16, 0],
  [16, 65536],
  [65536, 16385],
])('refuses a capacity of %d with keys of %d bytes', (capacity, maxKeyBytes) => {
  expect(() => new Frequent(capacity, maxKeyBytes, 1)).toThrow(RangeError)
})
