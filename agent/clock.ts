/** From the kernel's monotonic nanoseconds to wall-clock time. Pure: the offset is an argument. */
import { nanosecondsLeft, wholeSeconds } from './digits.ts'

const NANO = 1_000_000_000
const NANO_BIG = BigInt(NANO)
/** The two clocks of the kernel round on their own. */
const ROUNDING = 1000n

/** Splits and shifts times without BigInt: seconds and nanoseconds of the last time given. */
export class WallClock {
  seconds = 0
  nanoseconds = 0
  #offset: bigint | undefined
  #offsetSeconds = 0
  #offsetNanoseconds = 0

  /**
   * Takes a reading of the wall clock between two of the monotonic one, all in nanoseconds. Slewing moves both
   * clocks alike, so what agrees with the offset that is known is that offset: else the same event would have
   * another time whenever it is asked for.
   */
  compare(before: bigint, wall: bigint, after: bigint): void {
    const known = this.#offset
    const agrees =
      known !== undefined && wall - after - ROUNDING <= known && known <= wall - before + ROUNDING
    if (!agrees) this.adjust(wall - (before + after) / 2n)
  }

  /**
   * @param offset CLOCK_REALTIME minus CLOCK_MONOTONIC, in nanoseconds; it moves when the clock is set, and
   *   is negative where that is set back far enough.
   */
  adjust(offset: bigint): void {
    this.#offset = offset
    const nanoseconds = ((offset % NANO_BIG) + NANO_BIG) % NANO_BIG
    this.#offsetSeconds = Number((offset - nanoseconds) / NANO_BIG)
    this.#offsetNanoseconds = Number(nanoseconds)
  }

  /** @param low and @param high: the two halves of a monotonic time in nanoseconds. */
  set(low: number, high: number): void {
    const seconds = wholeSeconds(low, high)
    const nanoseconds = nanosecondsLeft(low, seconds) + this.#offsetNanoseconds
    const carry = nanoseconds >= NANO ? 1 : 0
    this.seconds = seconds + this.#offsetSeconds + carry
    this.nanoseconds = nanoseconds - carry * NANO
  }
}
