import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineLimit } from './limit.ts'

function taken(limit: LineLimit, times: number[]): number {
  return times.filter(now => limit.take(now)).length
}

const times = (count: number, from: number, step: number) =>
  Array.from({ length: count }, (_, i) => from + i * step)

test.each([
  ['one second at once, and no more', 100, times(500, 1e12, 0), 100],
  ['the next second after a second', 100, [...times(500, 0, 0), ...times(500, 1000, 0)], 200],
  ['half a second after half a second', 100, [...times(500, 0, 0), ...times(500, 500, 0)], 150],
  ['no more than a second after a long rest', 100, [...times(500, 0, 0), ...times(500, 1e7, 0)], 200],
  ['exactly its rate in the long run', 1000, times(100_000, 0, 0.1), 1000 + 9999],
  ['all that comes slower than the rate', 10, times(1000, 0, 100), 1000],
  ['one in two seconds', 0.5, times(100, 0, 100), 5],
  ['none', 0, times(100, 0, 1000), 0],
  ['nothing more because the clock went back', 10, [...times(20, 5000, 0), ...times(20, 0, 0)], 10],
  ['again at its rate on the earlier clock', 10, [...times(20, 5000, 0), 0, ...times(20, 500, 0)], 15],
])('lets through %s', (_, perSecond, at, lines) => {
  expect(taken(new LineLimit(perSecond), at)).toBe(lines)
})

test('never lets through more than the rate and one burst, nor less than the rate of a steady stream', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 300 }),
      (perSecond, steps) => {
        const limit = new LineLimit(perSecond)
        let now = 1.7e12
        let lines = 0
        const begin = now
        for (const step of steps) {
          now += step
          for (let i = 0; i < 50; i++) if (limit.take(now)) lines++
        }
        const most = perSecond + ((now - begin) * perSecond) / 1000
        expect(lines).toBeLessThanOrEqual(most)
        expect(lines).toBeGreaterThanOrEqual(Math.min(50 * steps.length, perSecond))
      },
    ),
  )
})

test.each([-1, Infinity, Number.NaN])('refuses %d lines per second', perSecond => {
  expect(() => new LineLimit(perSecond)).toThrow(RangeError)
})
