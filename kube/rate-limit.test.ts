import { expect, test } from 'vitest'
import { RateLimit } from './rate-limit.ts'

const failing = (limit: RateLimit, key: string, times: number, nowMs = 0) =>
  Array.from({ length: times }, () => limit.delayMs(key, nowMs))

test('a key waits 5 ms, then twice as long each time, and never more than 1000 s', () => {
  const delays = failing(new RateLimit({ burst: 1000 }), 'a', 20)
  expect(delays.slice(0, 5)).toEqual([5, 10, 20, 40, 80])
  expect(delays.slice(17)).toEqual([655_360, 1_000_000, 1_000_000])
})

test('a key that has failed for ever waits no longer than that', () => {
  const limit = new RateLimit({ perSecond: 1e9 })
  expect(failing(limit, 'a', 5000).at(-1)).toBe(1_000_000)
  expect(limit.retries('a')).toBe(5000)
})

test('the failures of one key are not those of another', () => {
  const limit = new RateLimit()
  failing(limit, 'a', 10)
  expect(limit.delayMs('b', 0)).toBe(5)
  expect([limit.retries('a'), limit.retries('b'), limit.retries('c')]).toEqual([10, 1, 0])
})

test('a key that is forgotten begins anew', () => {
  const limit = new RateLimit()
  failing(limit, 'a', 10)
  limit.forget('a')
  expect(limit.retries('a')).toBe(0)
  expect(limit.delayMs('a', 0)).toBe(5)
})

test('all keys together are tried ten times a second after the first hundred', () => {
  const limit = new RateLimit()
  const delays = Array.from({ length: 130 }, (_, i) => limit.delayMs(`key-${i}`, 0))
  expect(delays.slice(0, 100).every(delay => delay === 5)).toBe(true)
  expect([delays[100], delays[101], delays[129]]).toEqual([100, 200, 3000])
})
