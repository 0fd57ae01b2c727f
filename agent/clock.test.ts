import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WallClock } from './clock.ts'

const NANO = 1_000_000_000n

function wallTime(monotonic: bigint, offset: bigint): bigint {
  const clock = new WallClock()
  clock.adjust(offset)
  clock.set(Number(monotonic & 0xffff_ffffn), Number(monotonic >> 32n))
  expect(clock.nanoseconds).toBeGreaterThanOrEqual(0)
  expect(clock.nanoseconds).toBeLessThan(1e9)
  return BigInt(clock.seconds) * NANO + BigInt(clock.nanoseconds)
}

test.each([
  ['is the time since boot where both began together', 5_000_000_001n, 0n, 5_000_000_001n],
  ['carries nanoseconds over', 1_600_000_000n, 600_000_000n, 2_200_000_000n],
  ['carries to a whole second', 1_600_000_000n, 400_000_000n, 2_000_000_000n],
  ['takes a clock set back to before the boot', 100_300_000_000n, -50_500_000_000n, 49_800_000_000n],
  ['takes one set back by whole seconds', 100_300_000_000n, -50_000_000_000n, 50_300_000_000n],
])('wall-clock time %s', (_, monotonic, offset, wall) => {
  expect(wallTime(monotonic, offset)).toBe(wall)
})

test('wall-clock time is exact to the nanosecond, whatever the uptime and however the clock is set', () => {
  // Uptimes of centuries; wall-clock times from 1970 to 9999.
  const uptime = fc.bigInt({ min: 0n, max: 1n << 63n })
  const wall = fc.bigInt({ min: 0n, max: 253_402_300_799_999_999_999n })
  fc.assert(
    fc.property(uptime, wall, (uptime, wall) => {
      expect(wallTime(uptime, wall - uptime)).toBe(wall)
    }),
    { numRuns: 1000 },
  )
})

test('a clock that is set again goes by the new offset', () => {
  const clock = new WallClock()
  clock.adjust(7n * NANO)
  clock.adjust(3n * NANO + 1n)
  clock.set(5, 0)
  expect([clock.seconds, clock.nanoseconds]).toEqual([3, 6])
})

test('what two readings of the clocks differ by is no change, and a clock that is set is', () => {
  const clock = new WallClock()
  const time = () => {
    clock.set(5, 0)
    return clock.seconds * 1e9 + clock.nanoseconds
  }
  // Between the two readings of the monotonic clock the wall clock was read, nobody knows when.
  clock.compare(1000n, 7n * NANO + 1100n, 1200n)
  const first = time()
  expect(first).toBe(7e9 + 5)
  clock.compare(50_000n, 7n * NANO + 50_010n, 90_000n)
  clock.compare(99_000n, 7n * NANO + 99_900n, 99_950n)
  expect(time()).toBe(first)
  clock.compare(200_000n, 7n * NANO + 300_000n, 200_100n)
  expect(time()).not.toBe(first)
})
