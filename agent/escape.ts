import { copyPlain } from './plain.ts'
import { decodeAt, isDangerous, isWide } from './utf8.ts'

/*
 * Writers of hostile bytes: each writes bytes[start, end) into `out` from index `at` on and returns the index
 * after it. There must be room for the worst case, which is stated; nothing checks. Fastest for arrays that
 * live long (see Views).
 */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const HEX = Buffer.from('0123456789abcdef')
const ELLIPSIS = Buffer.from('…')

/**
 * A JSON string, quotes included; at most 2 + 6 bytes per byte. Dangerous characters are written as \uXXXX,
 * each byte that is not UTF-8 as \ufffd, all else as it is.
 */
export function writeJsonString(
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  out[at++] = QUOTE
  const plain = copyPlain(out, at, bytes, start, end)
  at += plain
  let from = start + plain
  while (from < end) {
    const byte = bytes[from]
    if (byte >= 0x20 && byte < 0x7f) {
      if (byte === QUOTE || byte === BACKSLASH) out[at++] = BACKSLASH
      out[at++] = byte
      from++
      continue
    }
    const decoded = decodeAt(bytes, from, end)
    const code = decoded === 0 ? 0xfffd : decoded & 0x1fffff
    const next = from + (decoded === 0 ? 1 : decoded >> 21)
    if (decoded !== 0 && !isDangerous(code)) {
      while (from < next) out[at++] = bytes[from++]
      continue
    }
    out[at++] = BACKSLASH
    out[at++] = 0x75 // u
    at = writeHex(out, at, code, 4) // no dangerous character lies above U+FFFF
    from = next
  }
  out[at++] = QUOTE
  return at
}

/**
 * Text for a terminal; at most 3 + 4 bytes per byte. Dangerous ASCII is written as \n, \t or \xHH, other
 * dangerous characters as \u{…}, each byte that is not UTF-8 as \xHH, a backslash doubled: what was there can
 * be told. More than `maxColumns` columns are cut, with … as the last. Wide characters count two.
 */
export function writeTableText(
  out: Uint8Array,
  at: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  maxColumns = 0x7fffffff,
): number {
  const plain = end - start < maxColumns ? copyPlain(out, at, bytes, start, end) : 0
  at += plain
  let from = start + plain
  let columns = plain
  let room = at // where … goes if it must
  while (from < end) {
    const before = at
    const byte = bytes[from]
    let width = 0
    if (byte >= 0x20 && byte < 0x7f && byte !== BACKSLASH) {
      out[at++] = byte
      from++
    } else {
      const decoded = decodeAt(bytes, from, end)
      const code = decoded & 0x1fffff
      const next = from + (decoded === 0 ? 1 : decoded >> 21)
      if (decoded !== 0 && !isDangerous(code) && byte !== BACKSLASH) {
        while (from < next) out[at++] = bytes[from++]
        width = isWide(code) ? 2 : 1
      } else {
        at = writeEscape(out, at, decoded === 0 ? byte : code, decoded === 0)
        from = next
      }
    }
    columns += width === 0 ? at - before : width
    if (columns < maxColumns) room = at
    if (columns > maxColumns) {
      out.set(ELLIPSIS, room)
      return room + ELLIPSIS.length
    }
  }
  return at
}

function writeEscape(out: Uint8Array, at: number, code: number, isByte: boolean): number {
  out[at++] = BACKSLASH
  if (code === BACKSLASH) out[at++] = BACKSLASH
  else if (code === 0x0a) out[at++] = 0x6e
  else if (code === 0x09) out[at++] = 0x74
  else if (isByte || code < 0x80) {
    out[at++] = 0x78 // x
    return writeHex(out, at, code, 2)
  } else {
    out[at++] = 0x75 // u
    out[at++] = 0x7b // {
    at = writeHex(out, at, code, code < 0x100 ? 2 : code < 0x1000 ? 3 : 4)
    out[at++] = 0x7d // }
  }
  return at
}

const NOT_CLEAN = /[\\\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\p{Cs}]/gu

/** As writeTableText, for a string and at leisure; half a surrogate pair is written as \u{dXXX}. */
export function escapeText(text: string): string {
  return text.replace(NOT_CLEAN, character => {
    const code = character.charCodeAt(0)
    if (character === '\\') return '\\\\'
    if (character === '\n') return '\\n'
    if (character === '\t') return '\\t'
    return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

function writeHex(out: Uint8Array, at: number, value: number, digits: number): number {
  for (let shift = (digits - 1) * 4; shift >= 0; shift -= 4) out[at++] = HEX[(value >> shift) & 15]
  return at
}
