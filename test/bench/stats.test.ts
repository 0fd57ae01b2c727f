import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aLoad, aSample } from './builders.ts'
import { median, summarize } from './stats.ts'

test.each([
  ['the only value', [7], 7],
  ['the middle of three in any order', [9, 1, 5], 5],
  ['the mean of the middle two', [4, 1, 2, 100], 3],
  ['numbers, not texts', [10, 9, 100], 10],
])('the median is %s', (_, values, wanted) => {
  expect(median(values)).toBe(wanted)
})

test('no values have no median', () => {
  expect(() => median([])).toThrow(RangeError)
})

test('as many values lie below the median as above it', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 })
  fc.assert(
    fc.property(values, list => {
      const middle = median(list)
      const below = list.filter(value => value < middle).length
      const above = list.filter(value => value > middle).length
      expect(Math.max(below, above)).toBeLessThanOrEqual(list.length / 2)
    }),
  )
})

test('rates and costs are medians, the worst loss is not', () => {
  const summary = summarize([
    aSample({ full: aLoad({ made: 1000, seen: 1000, wallNs: 1e9, readerCpuNs: 500_000 }) }),
    aSample({ full: aLoad({ made: 1000, seen: 900, wallNs: 1e9, readerCpuNs: 900_000 }) }),
    aSample({ full: aLoad({ made: 1000, seen: 1000, wallNs: 1e9, readerCpuNs: 700_000 }) }),
  ])
  expect(summary.loads.full).toMatchObject({
    madePerSecond: 1000,
    seenPerSecond: 1000,
    cpuMicrosPerEvent: 0.7,
    lossPercent: 0,
    worstLoss: 100,
  })
})

test('a reader that saw nothing has lost all and divides nothing by zero', () => {
  const summary = summarize([aSample({ '50k': aLoad({ made: 10, seen: 0, readerCpuNs: 2000 }) })])
  expect(summary.loads['50k']).toMatchObject({ lossPercent: 100, worstLoss: 10, cpuMicrosPerEvent: 2 })
})

test('idling that was measured in one round only counts from that round', () => {
  expect(summarize([aSample({}, { idlePercent: 0.1 }), aSample({})]).idlePercent).toBe(0.1)
  expect(summarize([aSample({})]).idlePercent).toBeNull()
})

test('a reader that can say what it lost, and did once, is believed the worst', () => {
  const said = (saidLost: number | null) => aSample({}, { saidLost })
  expect(summarize([said(0), said(12), said(3)]).saidLost).toBe(12)
  expect(summarize([said(null)]).saidLost).toBeNull()
})
