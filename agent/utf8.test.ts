import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeAt, isCleanText, isDangerous, isWide } from './utf8.ts'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const DANGEROUS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes)
    return true
  } catch {
    return false
  }
}

test('decodes every code point but surrogates, and tells its length', () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code === 0xd800) code = 0xe000
    const bytes = Buffer.from(String.fromCodePoint(code))
    if (decodeAt(bytes, 0, bytes.length) !== ((bytes.length << 21) | code))
      expect.unreachable(code.toString(16))
  }
})

test.each([
  ['a continuation alone', [0x80]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['an overlong slash of three', [0xe0, 0x80, 0xaf]],
  ['an overlong NUL of four', [0xf0, 0x80, 0x80, 0x80]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
  ['the last surrogate', [0xed, 0xbf, 0xbf]],
  ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ['two of three bytes', [0xe2, 0x82]],
  ['three of four bytes', [0xf0, 0x9f, 0x98]],
  ['a letter where a continuation must be', [0xc3, 0x41]],
])('does not take %s for a character', (_, bytes) => {
  expect(decodeAt(Uint8Array.from(bytes), 0, bytes.length)).toBe(0)
})

test('does not look beyond the end', () => {
  expect(decodeAt(Buffer.from('é'), 0, 1)).toBe(0)
})

test('agrees with a strict decoder on any bytes, at any place', () => {
  const someBytes = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 30 }).map(text => Uint8Array.from(Buffer.from(text))),
    fc.string({ unit: 'grapheme', maxLength: 30 }).map(text => Uint8Array.from(Buffer.from(text))),
    fc.string({ unit: 'binary-ascii', maxLength: 30 }).map(text => Uint8Array.from(Buffer.from(text))),
  )
  fc.assert(
    fc.property(someBytes, fc.nat({ max: 5 }), (bytes, offset) => {
      const memory = new Uint8Array(offset + bytes.length + 4).fill(0xff)
      memory.set(bytes, offset)
      const clean = isUtf8(bytes) && !DANGEROUS.test(strict.decode(bytes))
      expect(isCleanText(memory, offset, offset + bytes.length)).toBe(clean)
    }),
    { numRuns: 2000 },
  )
})

test('finds the one bad byte wherever it is in a long name', () => {
  for (const bad of [0x00, 0x1b, 0x1f, 0x7f, 0x80, 0xff]) {
    for (let at = 0; at < 21; at++) {
      const bytes = new Uint8Array(21).fill(0x61)
      expect(isCleanText(bytes, 0, 21)).toBe(true)
      bytes[at] = bad
      expect(isCleanText(bytes, 0, 21)).toBe(false)
    }
  }
})

test('calls dangerous what can move, break or turn a line', () => {
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code === 0xd800) code = 0xe000
    if (isDangerous(code) !== DANGEROUS.test(String.fromCodePoint(code)))
      expect.unreachable(code.toString(16))
  }
})

test.each([
  ['a', false],
  ['é', false],
  ['中', true],
  ['한', true],
  ['Ａ', true],
  ['😀', true],
  ['𠀀', true],
])('%s takes two columns: %s', (character, wide) => {
  expect(isWide(character.codePointAt(0)!)).toBe(wide)
})
