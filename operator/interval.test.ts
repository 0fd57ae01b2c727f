import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULTS } from '../crds/defaults.ts'
import { LIMITS } from '../crds/limits.ts'
import { reportInterval } from './interval.ts'

test.each([
  [0, DEFAULTS.reportIntervalSeconds],
  [3, 2],
  [50, 2],
  [51, 5],
  [1000, 10],
  [5000, 30],
  [15_000, 120],
])('%d nodes report every %d seconds', (nodes, seconds) => {
  expect(reportInterval(nodes)).toBe(seconds)
})

test('more nodes never report more often, and all together at most 170 times a second', () => {
  fc.assert(
    fc.property(fc.nat(20_000), fc.nat(20_000), (a, b) => {
      const [few, many] = a < b ? [a, b] : [b, a]
      expect(reportInterval(few)).toBeLessThanOrEqual(reportInterval(many))
      expect(many / reportInterval(many)).toBeLessThanOrEqual(170)
      expect(reportInterval(many)).toBeLessThanOrEqual(LIMITS.reportIntervalSeconds)
    }),
  )
})
