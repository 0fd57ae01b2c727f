import { expect, test } from 'vitest'
import { copyPlain, oddBytes } from './plain.ts'

test('finds every byte that is not printable ASCII, at each of four places and beside each neighbour', () => {
  for (const neighbour of [0x20, 0x41, 0x7e]) {
    for (let shift = 0; shift < 32; shift += 8) {
      for (let byte = 0; byte < 256; byte++) {
        const word = (Math.imul(neighbour, 0x01010101) & ~(0xff << shift)) | (byte << shift) | 0
        expect(oddBytes(word) === 0).toBe(byte >= 0x20 && byte < 0x7f)
      }
    }
  }
})

test.each([
  ['/usr/lib/x86', 12],
  ['/usr/lib/x8', 8],
  ['/usr/li"/x86', 4],
  ['/usr/li\\/x86', 4],
  ['/us\x1b/lib/x86', 0],
  ['/usr/lié/x86', 4],
  ['/usr/lib\x7fx86', 8],
  ['/short', 0],
])('of %j it copies the first %d bytes and nothing else', (text, copied) => {
  const bytes = Buffer.from(`##${text}`)
  const out = Buffer.alloc(32, 0x2a)
  expect(copyPlain(out, 1, bytes, 2, bytes.length)).toBe(copied)
  expect(out.toString('latin1')).toBe(`*${text.slice(0, copied)}`.padEnd(32, '*'))
})
