import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nanosecondsLeft, TimeWriter, wholeSeconds, writeDecimal, writeSeconds } from './digits.ts'

function written(write: (out: Uint8Array, at: number) => number): string {
  const out = Buffer.alloc(48, 0x2a)
  const end = write(out, 5)
  expect(out.toString('latin1', end)).toMatch(/^\*+$/)
  expect(out.toString('latin1', 0, 5)).toBe('*****')
  return out.toString('latin1', 5, end)
}

const nanosecond = fc.integer({ min: 0, max: 999_999_999 })
const u32 = fc.integer({ min: 0, max: 0xffffffff })

describe('a whole number', () => {
  const edges = Array.from({ length: 10 }, (_, digits) => [10 ** digits - 1, 10 ** digits]).flat()
  test.each([...edges, 2147483647, 2147483648, 4294967295, -0, -1, -9, -10, -100, -2147483648])('%d', n => {
    expect(written((out, at) => writeDecimal(out, at, n))).toBe(String(n))
  })

  test('of 32 bits, with or without sign, reads as it should', () => {
    fc.assert(
      fc.property(fc.oneof(u32, fc.integer(), fc.nat(99999)), n => {
        expect(written((out, at) => writeDecimal(out, at, n))).toBe(String(n))
      }),
      { numRuns: 1000 },
    )
  })
})

test.each([
  [0, 0, '0.000000000'],
  [0, 250287922, '0.250287922'],
  [12, 5, '12.000000005'],
  [4294967295, 999999999, '4294967295.999999999'],
])('%d s and %d ns are %s', (seconds, nanoseconds, text) => {
  expect(written((out, at) => writeSeconds(out, at, seconds, nanoseconds))).toBe(text)
})

describe('a time', () => {
  test.each([
    [0, 0, '1970-01-01T00:00:00.000000000Z'],
    [951782400, 1, '2000-02-29T00:00:00.000000001Z'],
    [1795442400, 123456789, '2026-11-23T14:00:00.123456789Z'],
    [2147483648, 999999999, '2038-01-19T03:14:08.999999999Z'],
    [4294967296, 0, '2106-02-07T06:28:16.000000000Z'],
    [253402300799, 5, '9999-12-31T23:59:59.000000005Z'],
  ])('%d s and %d ns after 1970 is %s', (seconds, nanoseconds, text) => {
    expect(written((out, at) => new TimeWriter().write(out, at, seconds, nanoseconds))).toBe(text)
  })

  test('is right also after others', () => {
    const times = new TimeWriter()
    fc.assert(
      fc.property(fc.constantFrom(1e9, 1e9 + 1, 3e9), nanosecond, (seconds, nanoseconds) => {
        const wanted = `${new Date(seconds * 1000).toISOString().slice(0, 20)}${String(nanoseconds).padStart(9, '0')}Z`
        expect(written((out, at) => times.write(out, at, seconds, nanoseconds))).toBe(wanted)
      }),
    )
  })

  test.each([-1, 253402300800, Number.NaN])('is not %d', seconds => {
    expect(() => new TimeWriter().write(new Uint8Array(30), 0, seconds, 0)).toThrow(RangeError)
  })
})

test('64 bits of nanoseconds are split exactly', () => {
  const nearWhole = fc
    .tuple(fc.bigInt({ min: 0n, max: 18446744072n }), fc.integer({ min: -3, max: 3 }))
    .map(([seconds, by]) => BigInt.asUintN(64, seconds * 1_000_000_000n + BigInt(by)))
  fc.assert(
    fc.property(fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), nearWhole), nanoseconds => {
      const low = Number(nanoseconds & 0xffffffffn)
      const seconds = wholeSeconds(low, Number(nanoseconds >> 32n))
      expect(BigInt(seconds)).toBe(nanoseconds / 1_000_000_000n)
      expect(BigInt(nanosecondsLeft(low, seconds))).toBe(nanoseconds % 1_000_000_000n)
    }),
    { numRuns: 5000 },
  )
})
