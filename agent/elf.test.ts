import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BadElf, readElf, textAt } from './elf.ts'

/** What clang and llvm-strip made of testdata/layout.bpf.c. */
const object = Uint8Array.from(readFileSync(new URL('testdata/layout.bpf.o', import.meta.url)))

/** A copy with some bytes changed. */
function damaged(at: number, bytes: readonly number[]): Uint8Array {
  const copy = object.slice()
  copy.set(bytes.slice(0, copy.length - at), at)
  return copy
}

/** Reads it or throws BadElf: nothing else. */
function expectSafe(bytes: Uint8Array): void {
  try {
    readElf(bytes)
  } catch (error) {
    expect(error).toBeInstanceOf(BadElf)
  }
}

describe('an object of clang', () => {
  const { sections, variables } = readElf(object)
  const variable = (name: string) => variables.find(each => each.name === name)

  test('has its sections, in the order of the file', () => {
    expect(sections.map(({ name }) => name)).toEqual([
      '',
      '.strtab',
      '.text',
      'tracepoint/syscalls/sys_exit_openat',
      '.reltracepoint/syscalls/sys_exit_openat',
      '.rodata',
      '.bss',
      'license',
      '.BTF',
      '.rel.BTF',
      '.BTF.ext',
      '.rel.BTF.ext',
      '.llvm_addrsig',
      '.symtab',
    ])
    expect(Buffer.from(sections[7]!.bytes).toString()).toBe('GPL\0')
    expect(sections[8]!.bytes.subarray(0, 2)).toEqual(Uint8Array.of(0x9f, 0xeb))
  })

  test('has a size but no bytes for what is zero at first', () => {
    const { bytes, size } = sections[6]!
    expect([bytes.length, size]).toEqual([0, 308])
  })

  test.each([
    ['self_tgid', '.rodata', 0, 4],
    ['filter_include', '.rodata', 4, 1],
    ['self_pidns_dev', '.rodata', 8, 8],
    ['counters', '.bss', 0, 256],
    ['self_test', '.bss', 304, 4],
  ])('has %s in %s', (name, section, offset, size) => {
    expect(variable(name)).toEqual({ name, section, offset, size })
  })

  test('has no functions among its variables', () => {
    expect(variable('open_exit')).toBeUndefined()
  })

  test('may lie anywhere in memory', () => {
    const shifted = new Uint8Array(object.length + 3)
    shifted.set(object, 3)
    expect(readElf(shifted.subarray(3))).toEqual(readElf(object))
  })
})

describe('what is no such file', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(), /not an ELF file/],
    ['text', Buffer.from('#!/bin/sh\n'.repeat(20)), /not an ELF file/],
    ['a 32-bit object', damaged(4, [1]), /not a 64-bit little-endian/],
    ['a big-endian object', damaged(5, [2]), /not a 64-bit little-endian/],
    ['an object with headers of another size', damaged(58, [0, 0]), /section headers of 0 bytes/],
    ['an object without a table of names', damaged(62, [0xff, 0]), /no section 255, there are 14/],
    ['an object whose headers lie outside', damaged(40, Array(8).fill(0xff)), /cut short/],
  ])('%s is refused', (_, bytes, words) => {
    expect(() => readElf(bytes)).toThrow(BadElf)
    expect(() => readElf(bytes)).toThrow(words)
  })

  test('an object cut anywhere is refused', () => {
    for (let length = 0; length < object.length; length++)
      expect(() => readElf(object.subarray(0, length))).toThrow(BadElf)
  })

  test('damage anywhere is read or refused, never a crash', () => {
    const place = fc.nat({ max: object.length - 1 })
    const bytes = fc.array(fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(place, bytes, (at, bytes) => expectSafe(damaged(at, bytes))),
      { numRuns: 1000 },
    )
    // The headers are few bytes of many: each of them too.
    for (let at = 0; at < 64; at++) for (const byte of [0, 1, 0x80, 0xff]) expectSafe(damaged(at, [byte]))
    for (let at = object.length - 14 * 64; at < object.length; at++) expectSafe(damaged(at, [0xff]))
  })

  test('any bytes after a good beginning are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
        expectSafe(Uint8Array.from([...object.subarray(0, 16), ...bytes]))
      }),
    )
  })
})

test.each([
  ['up to its NUL', 'abc\0def\0', 4, 'def'],
  ['up to the end without one', 'abc\0def', 4, 'def'],
  ['empty beyond the end', 'abc', 9, ''],
])('a text is read %s', (_, bytes, at, text) => {
  expect(textAt(Buffer.from(bytes), at)).toBe(text)
})
