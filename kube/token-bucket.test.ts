import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

const taken = (bucket: TokenBucket, times: number[]) => times.filter(nowMs => bucket.take(nowMs)).length
const at = (nowMs: number, count: number) => Array.from({ length: count }, () => nowMs)

describe('take', () => {
  test.each([
    ['a burst at once, and no more', at(0, 50), 25],
    ['one more for each five minutes', [...at(0, 50), ...at(300_000, 50), ...at(900_000, 50)], 28],
    ['nothing for less than a whole one', [...at(0, 50), ...at(299_999, 50)], 25],
    ['a burst again after a long rest, and no more', [...at(0, 50), ...at(1e9, 50)], 50],
    ['nothing more because the clock went back', [...at(5000, 50), ...at(0, 50)], 25],
  ])('gives %s', (_, times, count) => {
    expect(taken(new TokenBucket(1 / 300, 25), times)).toBe(count)
  })
})

describe('reserve', () => {
  test('is at once for a burst, and then each waits for the one before', () => {
    const bucket = new TokenBucket(10, 100)
    expect(at(0, 100).map(now => bucket.reserve(now))).toEqual(at(0, 100))
    expect([bucket.reserve(0), bucket.reserve(0), bucket.reserve(50)]).toEqual([100, 200, 250])
  })

  test('never lets through more than the burst and the rate, whenever it is asked', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 }), steps => {
        const bucket = new TokenBucket(10, 5)
        let now = 0
        const granted = steps
          .map(step => {
            now += step
            return now + bucket.reserve(now)
          })
          .sort((a, b) => a - b)
        for (const [i, first] of granted.entries()) {
          const sixth = granted[i + 6]
          // Six after the first: the burst is spent, so a tenth of a second has passed at least.
          if (sixth !== undefined) expect(sixth - first).toBeGreaterThan(100 - 1e-6)
        }
      }),
    )
  })
})
