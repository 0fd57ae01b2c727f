import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writeBase64 } from './base64.ts'

test('is what Node makes of the same bytes, wherever they lie', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 5 }), (bytes, offset) => {
      const source = Buffer.concat([Buffer.alloc(offset, 0xff), bytes, Buffer.alloc(3, 0xff)])
      const out = Buffer.alloc(80, 0x2a)
      const end = writeBase64(out, offset, source, offset, offset + bytes.length)
      expect(out.toString('latin1', offset, end)).toBe(Buffer.from(bytes).toString('base64'))
      expect(out[end]).toBe(0x2a)
    }),
  )
})
