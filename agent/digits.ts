/*
 * Numbers as text, written into `out` from index `at` on without a string between; each function returns the
 * index after what it wrote. None checks for room: what doesn't fit is lost without an error.
 */

const ZERO = 0x30
const NANOSECOND_DIGITS = 9

// "00" to "99": two digits per division.
const PAIRS = Uint8Array.from({ length: 200 }, (_, i) => ZERO + (i & 1 ? (i >> 1) % 10 : Math.floor(i / 20)))

/** A whole number from -2147483648 to 4294967295, at most 11 bytes. */
export function writeDecimal(out: Uint8Array, at: number, n: number): number {
  if (n < 0) {
    out[at++] = 0x2d // -
    return writeUnsigned(out, at, -n >>> 0)
  }
  return writeUnsigned(out, at, n >>> 0)
}

function writeUnsigned(out: Uint8Array, at: number, n: number): number {
  if (n < 10) {
    out[at] = ZERO + n
    return at + 1
  }
  const end = at + countDigits(n)
  writeDigits(out, at, end, n)
  return end
}

// For at least two digits.
function countDigits(n: number): number {
  if (n < 100000) return n < 100 ? 2 : n < 1000 ? 3 : n < 10000 ? 4 : 5
  if (n < 10000000) return n < 1000000 ? 6 : 7
  return n < 100000000 ? 8 : n < 1000000000 ? 9 : 10
}

// Fills out[at, end) from the right, with leading zeros where n is shorter.
function writeDigits(out: Uint8Array, at: number, end: number, n: number): void {
  while (end - at >= 2) {
    const rest = Math.floor(n / 100) >>> 0
    const pair = (n - rest * 100) << 1
    out[--end] = PAIRS[pair + 1]
    out[--end] = PAIRS[pair]
    n = rest
  }
  if (end > at) out[at] = ZERO + (n % 10)
}

/** Seconds as `%.9f` prints them, for whole `seconds` up to 4294967295 and 0 to 999999999 `nanoseconds`. */
export function writeSeconds(out: Uint8Array, at: number, seconds: number, nanoseconds: number): number {
  at = writeUnsigned(out, at, seconds >>> 0)
  out[at++] = 0x2e // .
  writeDigits(out, at, at + NANOSECOND_DIGITS, nanoseconds)
  return at + NANOSECOND_DIGITS
}

/**
 * The whole seconds in a 64-bit count of nanoseconds given as two unsigned halves; exact, without a BigInt.
 */
export function wholeSeconds(low: number, high: number): number {
  const seconds = Math.floor((high * 4294967296 + low) / 1e9)
  // The sum was rounded, so this may be one too many or too few, and the rest then lies outside [0, 10^9)
  // modulo 2^32.
  const rest = nanosecondsLeft(low, seconds)
  return rest < 1e9 ? seconds : rest < 0x80000000 ? seconds + 1 : seconds - 1
}

/** What remains beside `wholeSeconds`: only the low halves count, for the remainder fits into 32 bits. */
export function nanosecondsLeft(low: number, seconds: number): number {
  return (low - Math.imul(seconds, 1e9)) >>> 0
}

const TEXT_LENGTH = '2026-11-23T14:00:00.'.length

/**
 * Writes points in time; it remembers the last second's text, since most events share it with the one before.
 */
export class TimeWriter {
  private second = Number.NaN
  private readonly text = new Uint8Array(TEXT_LENGTH)

  /**
   * RFC 3339 in UTC with nanoseconds, always 30 bytes. `seconds` since 1970, up to the year 9999; RangeError
   * beyond, or where `out` has no room.
   */
  write(out: Uint8Array, at: number, seconds: number, nanoseconds: number): number {
    if (seconds !== this.second) this.remember(seconds)
    out.set(this.text, at)
    at += TEXT_LENGTH
    writeDigits(out, at, at + NANOSECOND_DIGITS, nanoseconds)
    out[at + NANOSECOND_DIGITS] = 0x5a // Z
    return at + NANOSECOND_DIGITS + 1
  }

  private remember(seconds: number): void {
    if (!(seconds >= 0 && seconds <= 253402300799))
      throw new RangeError(`${seconds} s is not a time from 1970 to 9999`)
    const iso = new Date(seconds * 1000).toISOString()
    for (let i = 0; i < TEXT_LENGTH; i++) this.text[i] = iso.charCodeAt(i)
    this.second = seconds
  }
}
