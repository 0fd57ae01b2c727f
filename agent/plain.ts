import { Views } from './views.ts'

// These only remember, so they are nothing a caller could notice.
const sources = new Views()
const targets = new Views()

/**
 * Of four bytes at once: 0 if all are printable ASCII. Of ASCII, only below 0x20 borrows and only 0x7f
 * carries into the top bit.
 */
export function oddBytes(word: number): number {
  return (word | (word - 0x20202020) | (word + 0x01010101)) & 0x80808080
}

/**
 * Copies bytes[start, end) into `out` from index `at` on, four at a time, up to the first four that may need
 * an escape: anything but printable ASCII, and " and \. Returns how many bytes were copied; up to three good
 * ones are left at the end.
 */
export function copyPlain(
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  if (end - start < 8) return 0
  const source = sources.of(bytes)
  const target = targets.of(out)
  let from = start
  for (const last = (end - 3) | 0; from < last; from = (from + 4) | 0) {
    const word = source.getInt32(from, true)
    const marks = ((word ^ 0x22222222) - 0x01010101) | ((word ^ 0x5c5c5c5c) - 0x01010101) // " and \
    if ((oddBytes(word) | (marks & 0x80808080)) !== 0) break
    target.setInt32(at, word, true)
    at = (at + 4) | 0
  }
  return from - start
}
