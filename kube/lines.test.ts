import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Lines } from './lines.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('are the same however the bytes are cut into chunks', () => {
  const line = fc.string({ unit: 'grapheme' }).map(text => text.replaceAll('\n', '').toWellFormed())
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(40)), (wanted, cuts) => {
      const all = bytes(wanted.map(text => `${text}\n`).join(''))
      const lines = new Lines(1e6)
      const got: string[] = []
      let begin = 0
      for (const cut of [...cuts, all.length]) {
        got.push(...lines.push(all.subarray(begin, begin + cut)))
        begin += cut
      }
      expect(got).toEqual(wanted)
      expect(lines.restBytes).toBe(0)
    }),
  )
})

test('an end without a newline is kept', () => {
  const lines = new Lines(10)
  expect([...lines.push(bytes('a\nbc'))]).toEqual(['a'])
  expect(lines.restBytes).toBe(2)
})

test('one that has no end is refused before it fills the memory', () => {
  const lines = new Lines(10)
  const take = () => [...lines.push(bytes('1234'))]
  expect([take(), take()]).toEqual([[], []])
  expect(take).toThrow(RangeError)
})

test('bytes that are no UTF-8 are no reason to stop', () => {
  expect([...new Lines(10).push(Uint8Array.of(0x61, 0xff, 0x0a))]).toEqual(['a\ufffd'])
})
