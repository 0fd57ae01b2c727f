import { oddBytes } from './plain.ts'
import { Views } from './views.ts'

/**
 * The character at bytes[at], `end` being the end of the text: its length in bytes << 21 | its code point,
 * or 0 where no well-formed UTF-8 begins (overlong forms and surrogates are not well-formed).
 */
export function decodeAt(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]
  if (first < 0x80) return (1 << 21) | first
  if (first < 0xc2 || first > 0xf4) return 0
  const second = continuation(bytes, at + 1, end)
  if (second < 0) return 0
  if (first < 0xe0) return (2 << 21) | ((first & 0x1f) << 6) | second
  const third = continuation(bytes, at + 2, end)
  if (third < 0) return 0
  if (first < 0xf0) {
    const code = ((first & 0x0f) << 12) | (second << 6) | third
    return code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 0 : (3 << 21) | code
  }
  const fourth = continuation(bytes, at + 3, end)
  if (fourth < 0) return 0
  const code = ((first & 0x07) << 18) | (second << 12) | (third << 6) | fourth
  return code < 0x10000 || code > 0x10ffff ? 0 : (4 << 21) | code
}

function continuation(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1
  const byte = bytes[at]
  return (byte & 0xc0) === 0x80 ? byte & 0x3f : -1
}

/**
 * Whether a code point can do more than be seen: move the cursor, begin an escape sequence, break the line
 * or turn the direction of what stands around it.
 */
export function isDangerous(code: number): boolean {
  return (
    code < 0x20 || // C0
    (code >= 0x7f && code < 0xa0) || // DEL, C1
    code === 0x061c || // Arabic letter mark
    code === 0x200e || // left-to-right mark
    code === 0x200f || // right-to-left mark
    (code >= 0x2028 && code <= 0x202e) || // line and paragraph separator, bidi embeddings and overrides
    (code >= 0x2066 && code <= 0x2069) || // bidi isolates
    code === 0xfeff // byte order mark
  )
}

/** Whether terminals give a character two columns; by blocks, good enough to keep columns in line. */
export function isWide(code: number): boolean {
  return (
    code >= 0x1100 &&
    (code < 0x1160 ||
      (code >= 0x2e80 && code < 0xa4d0) ||
      (code >= 0xac00 && code < 0xd7b0) ||
      (code >= 0xf900 && code < 0xfb00) ||
      (code >= 0xfe30 && code < 0xfe70) ||
      (code >= 0xff00 && code < 0xff61) ||
      (code >= 0xffe0 && code < 0xffe7) ||
      (code >= 0x1f300 && code < 0x1fb00) ||
      (code >= 0x20000 && code < 0x40000))
  )
}

/**
 * Whether bytes[start, end) is well-formed UTF-8 without a dangerous character: text that shows what it is.
 * Fastest for arrays that live long (see Views).
 */
export function isCleanText(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  if (end - start >= 8) {
    const view = views.of(bytes)
    for (const last = (end - 3) | 0; at < last; at = (at + 4) | 0) {
      if (oddBytes(view.getInt32(at, true)) !== 0) break
    }
  }
  while (at < end) {
    const byte = bytes[at]
    if (byte >= 0x20 && byte < 0x7f) {
      at++
      continue
    }
    const decoded = decodeAt(bytes, at, end)
    if (decoded === 0 || isDangerous(decoded & 0x1fffff)) return false
    at += decoded >> 21
  }
  return true
}

// Only remembers, so it is nothing a caller could notice.
const views = new Views()
