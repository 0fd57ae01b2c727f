import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BadBtf, structLayout } from './btf.ts'
import { readElf } from './elf.ts'

/** What clang made of testdata/layout.bpf.c. */
const object = readFileSync(new URL('testdata/layout.bpf.o', import.meta.url))
const btf = Uint8Array.from(readElf(object).sections.find(({ name }) => name === '.BTF')!.bytes)
const STRUCTS = ['open_event', 'open_counters', 'odd']

function damaged(at: number, bytes: readonly number[]): Uint8Array {
  const copy = btf.slice()
  copy.set(bytes.slice(0, copy.length - at), at)
  return copy
}

/** Reads each struct or throws BadBtf: nothing else. */
function expectSafe(bytes: Uint8Array): void {
  for (const name of STRUCTS) {
    try {
      structLayout(bytes, name)
    } catch (error) {
      expect(error).toBeInstanceOf(BadBtf)
    }
  }
}

/** BTF of types given as words, with one name, "s". */
function btfOf(...types: number[][]): Uint8Array {
  const words = types.flat()
  const view = new DataView(new ArrayBuffer(24 + words.length * 4 + 3))
  view.setUint16(0, 0xeb9f, true)
  view.setUint32(4, 24, true)
  view.setUint32(12, words.length * 4, true)
  view.setUint32(16, words.length * 4, true)
  view.setUint32(20, 3, true)
  for (const [i, word] of words.entries()) view.setUint32(24 + i * 4, word, true)
  view.setUint8(24 + words.length * 4 + 1, 0x73)
  return new Uint8Array(view.buffer)
}
const STRUCT_OF_ONE = (4 << 24) | 1
const TYPEDEF = 8 << 24
const ARRAY = 3 << 24
const structOf = (type: number) => [1, STRUCT_OF_ONE, 8, 1, type, 0]

describe('a struct', () => {
  test('has its size, and the place and size of each field', () => {
    const { size, fields } = structLayout(btf, 'open_counters')
    expect(size).toBe(128)
    expect(fields).toMatchObject({
      observed: { offset: 0, size: 8 },
      core_entered: { offset: 72, size: 8 },
      core_returned: { offset: 80, size: 8 },
      pad: { offset: 88, size: 40 },
    })
  })

  test('may have pointers, arrays of arrays, unions, enums and bit fields', () => {
    const { size, fields } = structLayout(btf, 'odd')
    expect(size).toBe(48)
    expect(fields).toMatchObject({
      text: { offset: 0, size: 8 },
      matrix: { offset: 8, size: 24 },
      either: { offset: 32, size: 2 },
      call: { offset: 36, size: 4 },
      low: { offset: 40 },
    })
  })

  test('that is not there is named', () => {
    expect(() => structLayout(btf, 'close_event')).toThrow(
      new BadBtf("the object's BTF has no struct close_event"),
    )
  })
})

describe('what is no good BTF', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(), /no BTF in the object/],
    ['other bytes', new Uint8Array(64), /no BTF in the object/],
    ['BTF of the other byte order', damaged(0, [0xeb, 0x9f]), /no BTF in the object/],
    ['types cut short', btf.subarray(0, 100), /cut short or damaged/],
    ['a kind from the future', btfOf([1, 20 << 24, 4]), /type 1 is of unknown kind 20/],
    ['a field of a type that is not there', btfOf(structOf(7)), /the size of type 7/],
    ['a typedef of itself', btfOf(structOf(2), [1, TYPEDEF, 2]), /the size of type 2/],
    ['an array of itself', btfOf(structOf(2), [0, ARRAY, 0, 2, 2, 1]), /the size of type 2/],
    ['two typedefs of each other', btfOf(structOf(2), [1, TYPEDEF, 3], [1, TYPEDEF, 2]), /the size of type/],
  ])('%s is refused', (_, bytes, words) => {
    expect(() => structLayout(bytes, 's')).toThrow(BadBtf)
    expect(() => structLayout(bytes, 's')).toThrow(words)
  })

  test('the same made well is read', () => {
    expect(structLayout(btfOf(structOf(2), [1, 1 << 24, 4, 32]), 's')).toEqual({
      size: 8,
      fields: { s: { offset: 0, size: 4 } },
    })
  })

  test('cut anywhere it is read or refused', () => {
    for (let length = 0; length < btf.length; length++) expectSafe(btf.subarray(0, length))
  })

  test('damage anywhere is read or refused, never a crash', () => {
    const place = fc.oneof(fc.nat({ max: 24 }), fc.nat({ max: btf.length - 1 }))
    const bytes = fc.array(fc.constantFrom(0, 1, 2, 8, 0x7f, 0x80, 0xff), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(place, bytes, (at, bytes) => expectSafe(damaged(at, bytes))),
      { numRuns: 1000 },
    )
  })
})
