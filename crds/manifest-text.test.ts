import { expect, test } from 'vitest'
import { MANIFEST_BYTES_MAX, manifestText } from './manifest-text.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)
const utf8 = (text: string) => new TextEncoder().encode(text)

test.each([
  ['UTF-16, little endian', bytes(0xff, 0xfe, 0x61, 0), 'f:1:1: the manifest is UTF-16; save it as UTF-8'],
  ['UTF-16, big endian', bytes(0xfe, 0xff, 0, 0x61), 'f:1:1: the manifest is UTF-16; save it as UTF-8'],
  [
    'Latin-1',
    bytes(...utf8('a: é\nb: '), 0xe9, 0x0a),
    'f:2:4: the manifest is not UTF-8: byte 0xe9 does not belong here',
  ],
  [
    'a lone byte in the middle',
    bytes(...utf8('ab'), 0x80, ...utf8('cd')),
    'f:1:3: the manifest is not UTF-8: byte 0x80',
  ],
  ['a half of a surrogate pair', bytes(0x61, 0xed, 0xa0, 0x80), 'f:1:2: the manifest is not UTF-8'],
  ['a character cut at the end', bytes(0x61, 0x0a, 0xe2, 0x82), 'f:2:1: the manifest is not UTF-8'],
  [
    '10 MB',
    new Uint8Array(10_000_000),
    'f:1:1: the manifest is 10000000 bytes long, and at most 1048576 (1 MiB) are read',
  ],
])('refuses %s, as bytes', (_, manifest, wanted) => {
  expect(() => manifestText(manifest, 'f')).toThrow(wanted)
})

test.each([
  ['10 MB', 'a'.repeat(10_000_000), 'at most 1048576 (1 MiB) are read'],
  ['few characters of many bytes', '€'.repeat(400_000), 'the manifest is 1200000 bytes long'],
])('refuses %s, as text', (_, manifest, wanted) => {
  expect(() => manifestText(manifest, 'f')).toThrow(wanted)
})

test('takes a manifest of exactly the greatest size', () => {
  expect(manifestText(new Uint8Array(MANIFEST_BYTES_MAX).fill(32), 'f')).toHaveLength(MANIFEST_BYTES_MAX)
})

test('takes the byte-order mark away, so that columns are right', () => {
  expect(manifestText(bytes(0xef, 0xbb, 0xbf, 0x61), 'f')).toBe('a')
  expect(manifestText('\uFEFFa', 'f')).toBe('a')
})
