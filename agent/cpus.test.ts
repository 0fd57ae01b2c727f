import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cpuList, ringBytes } from './cpus.ts'

const MIB = 1 << 20

test.each([
  ['0\n', [0]],
  ['0-3\n', [0, 1, 2, 3]],
  ['0-1,4,6-7\n', [0, 1, 4, 6, 7]],
  ['5', [5]],
  ['\n', []],
])('the list %j is %j', (text, cpus) => {
  expect(cpuList(text)).toEqual(cpus)
})

describe('a ring', () => {
  test.each([
    [1, 4 * MIB],
    [2, 4 * MIB],
    [16, 4 * MIB],
    [17, 2 * MIB],
    [32, 2 * MIB],
    [64, MIB],
    [192, MIB / 4],
    [1024, 64 << 10],
  ])('of one of %d CPUs has %d bytes', (cpus, bytes) => {
    expect(ringBytes(cpus)).toBe(bytes)
  })

  test('is a power of two, as large as 4 MiB each and 64 MiB in all allow', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8192 }), cpus => {
        const bytes = ringBytes(cpus)
        expect(Math.log2(bytes) % 1).toBe(0)
        expect(bytes).toBeLessThanOrEqual(4 * MIB)
        expect(bytes * cpus).toBeLessThanOrEqual(64 * MIB)
        expect(bytes === 4 * MIB || bytes * 2 * cpus > 64 * MIB).toBe(true)
        // A ring is made of pages.
        expect(bytes % 4096).toBe(0)
      }),
    )
  })
})
