import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { openFlagNames } from './flags.ts'
import { JsonCache } from './json-cache.ts'

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

test('renders a number once, and hands out the same bytes again', () => {
  const render = vi.fn((low: number, high: number) => openFlagNames(low, high, 'x64'))
  const flags = new JsonCache(render)
  expect(text(flags.bytes(0o101))).toBe('["O_WRONLY","O_CREAT"]')
  expect(flags.bytes(0o101)).toBe(flags.bytes(0o101, 0))
  expect(render).toHaveBeenCalledTimes(1)
})

test('takes signed and unsigned halves for the same number', () => {
  const cache = new JsonCache((low, high) => [low, high])
  expect(text(cache.bytes(-1, 0x80000000))).toBe('[4294967295,2147483648]')
  expect(cache.bytes(0xffffffff, -0x80000000)).toBe(cache.bytes(-1, 0x80000000))
})

test('is right about every number however many there were before', () => {
  const number = fc.integer({ min: -40, max: 40 })
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number)), fc.integer({ min: 1, max: 20 }), (numbers, limit) => {
      const cache = new JsonCache((low, high) => `${low} ${high}`, limit)
      for (const [low, high] of numbers)
        expect(text(cache.bytes(low, high))).toBe(`"${low >>> 0} ${high >>> 0}"`)
    }),
  )
})

test('forgets all when it is full', () => {
  const render = vi.fn(String)
  const cache = new JsonCache(render, 3)
  for (const n of [1, 2, 3, 1, 4, 4, 1]) cache.bytes(n)
  expect(render.mock.calls.map(([n]) => n)).toEqual([1, 2, 3, 4, 1])
})
