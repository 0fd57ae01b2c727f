import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomFrom } from './key-hash.ts'
import { sampleMedian } from './median.ts'

test('is one of the values, with at least half of them not below it, while there are few', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 300 }), numbers => {
      const median = sampleMedian(Float64Array.from(numbers), randomFrom(1))
      expect(numbers).toContain(median)
      expect(numbers.filter(n => n >= median).length).toBeGreaterThanOrEqual(numbers.length / 2)
      expect(numbers.filter(n => n <= median).length).toBeGreaterThanOrEqual(numbers.length / 2)
    }),
  )
})

test('is near the middle of many, and leaves them alone', () => {
  const numbers = Float64Array.from({ length: 50_000 }, (_, i) => i)
  const median = sampleMedian(numbers, randomFrom(1))
  expect(median).toBeGreaterThan(20_000)
  expect(median).toBeLessThan(30_000)
  expect(numbers[7]).toBe(7)
})
