import { expect, test } from 'vitest'
import { Backoff } from './backoff.ts'

const waits = (backoff: Backoff, random: number, times: number) =>
  Array.from({ length: times }, () => backoff.next(random))

test('each wait is twice the one before, up to the longest', () => {
  const backoff = new Backoff({ firstMs: 800, longestMs: 5000 })
  expect(waits(backoff, 1, 5)).toEqual([800, 1600, 3200, 5000, 5000])
})

test('chance takes up to half of it away', () => {
  const backoff = new Backoff({ firstMs: 800, longestMs: 5000 })
  expect(waits(backoff, 0, 2)).toEqual([400, 800])
})

test('after a reset it begins again', () => {
  const backoff = new Backoff({ firstMs: 800, longestMs: 5000 })
  waits(backoff, 1, 3)
  expect(backoff.failures).toBe(3)
  backoff.reset()
  expect([backoff.failures, backoff.next(1)]).toEqual([0, 800])
})

test('a thousand failures are no infinite wait', () => {
  const backoff = new Backoff({ firstMs: 800, longestMs: 5000 })
  expect(waits(backoff, 1, 2000).at(-1)).toBe(5000)
})
