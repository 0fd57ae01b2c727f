import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeText, writeJsonString, writeTableText } from './escape.ts'
import { decodeAt, isCleanText } from './utf8.ts'

type Write = (out: Uint8Array, at: number, bytes: Uint8Array, start: number, end: number) => number

/**
 * What `write` makes of the bytes, from and to odd places, with a check that it keeps to the room it asks
 * for.
 */
function written(write: Write, bytes: Uint8Array, offset = 3): Buffer {
  const source = new Uint8Array(offset + bytes.length + 2).fill(0x22)
  source.set(bytes, offset)
  const out = Buffer.alloc(offset + 8 + bytes.length * 6, 0xee)
  const end = write(out, offset, source, offset, offset + bytes.length)
  expect(
    [...out.subarray(0, offset), ...out.subarray(offset + 3 + 6 * bytes.length)].every(byte => byte === 0xee),
  ).toBe(true)
  return out.subarray(offset, end)
}

/** Text as UTF-8 has it, and U+FFFD for each byte that is none. */
function decoded(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const character = decodeAt(bytes, at, bytes.length)
    text += character === 0 ? '\ufffd' : String.fromCodePoint(character & 0x1fffff)
    at += character === 0 ? 1 : character >> 21
  }
  return text
}

/** The bytes a table text stands for. */
function reversed(table: Buffer): Buffer {
  const parts = table.toString('utf8').match(/\\(?:[\\nt]|x..|u\{.*?\})|[^\\]/gsu) ?? []
  const bytes = parts.map(part => {
    if (part === '\\\\') return Buffer.from('\\')
    if (part === '\\n' || part === '\\t') return Buffer.from(part === '\\n' ? '\n' : '\t')
    if (part.startsWith('\\x')) return Buffer.from(part.slice(2), 'hex')
    if (part.startsWith('\\u')) return Buffer.from(String.fromCodePoint(parseInt(part.slice(3, -1), 16)))
    return Buffer.from(part)
  })
  return Buffer.concat(bytes)
}

const hostile = fc.constantFrom(...'\u001b\u009b\u202e\u2028\u2066\u200f\u061c\ufeff\n\t\r\0\u007f\\"/é中😀')
const someBytes = fc
  .array(
    fc.oneof(
      hostile.map(text => Buffer.from(text)),
      fc.string({ unit: 'grapheme', maxLength: 12 }).map(text => Buffer.from(text)),
      fc.uint8Array({ maxLength: 4 }).map(bytes => Buffer.from(bytes)),
    ),
    { maxLength: 8 },
  )
  .map(parts => Uint8Array.from(Buffer.concat(parts)))

describe('a JSON string', () => {
  test.each([
    ['/etc/shadow', '"/etc/shadow"'],
    ['', '""'],
    ['say "hi" to C:\\', '"say \\"hi\\" to C:\\\\"'],
    ['a\nb\tc\x1b[31m\x7f', '"a\\u000ab\\u0009c\\u001b[31m\\u007f"'],
    ['müßig 中文 😀', '"müßig 中文 😀"'],
    ['txt.\u202eexe', '"txt.\\u202eexe"'],
    ['\u0085\ufeff\u2028', '"\\u0085\\ufeff\\u2028"'],
  ])('of %j is %s', (text, json) => {
    expect(written(writeJsonString, Buffer.from(text)).toString()).toBe(json)
  })

  test('has U+FFFD for each byte that is not UTF-8', () => {
    const bytes = Uint8Array.of(0x61, 0xff, 0xe2, 0x82, 0x62, 0xc3)
    expect(written(writeJsonString, bytes).toString()).toBe('"a\\ufffd\\ufffd\\ufffdb\\ufffd"')
  })

  test('says what the bytes say, is clean text and keeps to its room', () => {
    fc.assert(
      fc.property(someBytes, fc.nat({ max: 4 }), (bytes, offset) => {
        const json = written(writeJsonString, bytes, offset)
        expect(JSON.parse(json.toString('utf8'))).toBe(decoded(bytes))
        expect(isCleanText(json, 0, json.length)).toBe(true)
        expect(json.length).toBeLessThanOrEqual(2 + 6 * bytes.length)
      }),
      { numRuns: 1000 },
    )
  })

  test('escapes the one odd byte wherever it is in a long name', () => {
    for (let at = 0; at < 21; at++) {
      const text = `${'a'.repeat(at)}"${'\\'.repeat(20 - at)}`
      expect(JSON.parse(written(writeJsonString, Buffer.from(text)).toString())).toBe(text)
    }
  })
})

describe('text for a table', () => {
  test.each([
    ['/etc/shadow', '/etc/shadow'],
    ['say "hi" to C:\\', 'say "hi" to C:\\\\'],
    ['a\nb\tc\r\x1b[31m\x7f', 'a\\nb\\tc\\x0d\\x1b[31m\\x7f'],
    ['txt.\u202eexe\u0085\u061c', 'txt.\\u{202e}exe\\u{85}\\u{61c}'],
    ['müßig 中文 😀', 'müßig 中文 😀'],
  ])('of %j is %s', (text, table) => {
    expect(written(writeTableText, Buffer.from(text)).toString()).toBe(table)
    expect(escapeText(text)).toBe(table)
  })

  test('shows each byte that is not UTF-8, and never leaves in doubt what was there', () => {
    expect(written(writeTableText, Uint8Array.of(0x61, 0xff, 0xc3)).toString()).toBe('a\\xff\\xc3')
    expect(written(writeTableText, Buffer.from('a\\xff')).toString()).toBe('a\\\\xff')
  })

  test('can be turned back, is clean text and keeps to its room', () => {
    fc.assert(
      fc.property(someBytes, fc.nat({ max: 4 }), (bytes, offset) => {
        const table = written(writeTableText, bytes, offset)
        expect(reversed(table)).toEqual(Buffer.from(bytes))
        expect(isCleanText(table, 0, table.length)).toBe(true)
        expect(table.length).toBeLessThanOrEqual(3 + 4 * bytes.length)
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['abcdefghijklmnop', 12, 'abcdefghijk…'],
    ['abcdef', 1, '…'],
    ['中文文', 6, '中文文'],
    ['中文文', 5, '中文…'],
    ['中文文', 4, '中…'],
    ['abc\ndef', 5, 'abc…'],
    ['', 1, ''],
  ])('%j in %d columns is %s', (text, columns, table) => {
    const write: Write = (...to) => writeTableText(...to, columns)
    expect(written(write, Buffer.from(text)).toString()).toBe(table)
  })
})

test('a string is escaped like its bytes, and half a surrogate pair shown', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(escapeText(text)).toBe(written(writeTableText, Buffer.from(text)).toString())
    }),
  )
  expect(escapeText('a\ud83d\n')).toBe('a\\u{d83d}\\n')
})
