import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CALLS } from '../crds/calls.ts'
import { COUNTERS } from './counters.ts'
import { readElf } from './elf.ts'
import { LAYOUT } from './event.arbitrary.ts'
import { counterLayout, eventLayout, LayoutMismatch } from './layout.ts'

/** What clang made of bpf/openat_event.h: testdata/layout.bpf.c. */
const btf = readElf(readFileSync(new URL('testdata/layout.bpf.o', import.meta.url))).sections.find(
  ({ name }) => name === '.BTF',
)!.bytes
const header = readFileSync(new URL('../bpf/openat_event.h', import.meta.url), 'utf8')

/** Fields of a struct of the header with their offsets, each at a multiple of its own size. */
function fieldsInHeader(struct: string): Record<string, number> {
  const body = new RegExp(`struct ${struct} \\{\\n([^}]*)\\}`).exec(header)![1]!
  const fields: Record<string, number> = {}
  let at = 0
  for (const [, type, bits, name, count] of body.matchAll(/^\s(char|__[us](\d+)) (\w+)(?:\[(\w+)\])?;/gm)) {
    const size = type === 'char' ? 1 : Number(bits) / 8
    at = Math.ceil(at / size) * size
    fields[name!] = at
    at += size * (count === undefined ? 1 : count === 'COMM_MAX' ? 16 : Number(count))
  }
  return { ...fields, size: Math.ceil(at / 8) * 8 }
}

/** The same BTF with a name in it changed to another of the same length. */
function renamed(from: string, to: string, of = btf): Uint8Array {
  const text = Buffer.from(of)
  const at = text.indexOf(`\0${from}\0`)
  expect(at).toBeGreaterThan(0)
  text.write(to, at + 1)
  return text
}

describe('the layout of an event', () => {
  test('is the one that tests go by', () => {
    expect(eventLayout(btf)).toEqual(LAYOUT)
  })

  test('is that of the header as it is now; testdata/layout.bpf.c says how to follow it', () => {
    expect(fieldsInHeader('open_event')).toMatchObject(LAYOUT)
  })

  test('has the calls in the order of the header', () => {
    const body = /enum open_call \{\n([^}]*)\}/.exec(header)![1]!
    const names = [...body.matchAll(/CALL_(\w+) = \d+/g)].map(([, name]) => name!.replaceAll('_', ''))
    expect(names.map(name => name.toLowerCase())).toEqual(
      CALLS.map(name => name.replaceAll('_', '').toLowerCase()),
    )
  })

  test.each([
    ['dirfd', 'dirgd', 'open_event has no field dirfd'],
    ['open_event', 'open_avent', 'no struct open_event'],
  ])('is refused without %s', (from, to, words) => {
    expect(() => eventLayout(renamed(from, to))).toThrow(words)
  })

  test('is refused where a field is not as wide as we take it to be', () => {
    const swapped = renamed('call', 'mode', renamed('mode', 'made'))
    expect(() => eventLayout(swapped)).toThrow(new LayoutMismatch('open_event.mode is 1 bytes, not 2'))
  })
})

describe('the layout of the counters', () => {
  const { offsets, stride } = counterLayout(btf)

  test('is that of the header, each CPU on cache lines of its own', () => {
    const { size, ...fields } = fieldsInHeader('open_counters')
    expect(fields).toMatchObject(offsets)
    expect(Object.keys(offsets)).toEqual([...COUNTERS])
    expect(stride).toBe(size)
    expect(stride % 64).toBe(0)
  })

  test('is refused without a counter that we read: a loss would go untold', () => {
    expect(() => counterLayout(renamed('ring_full', 'ring_fall'))).toThrow(
      'open_counters has no field ring_full',
    )
  })
})
