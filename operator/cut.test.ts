import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escaped } from '../crds/escape.ts'
import { cut, lastWords } from './cut.ts'

test('a text is cut at its end, and shows that it is', () => {
  expect(cut('a short one', 11)).toBe('a short one')
  expect(cut('one too long', 11)).toBe('one too lo…')
})

test('of last words the end is kept, on one line', () => {
  expect(lastWords('first\r\n\n  then \nlast\n')).toBe('first / then / last')
  expect(lastWords('first\nlast', 5)).toBe('…last')
})

test('whatever it is, it is short, whole characters, and acts on no terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, length) => {
      for (const short of [cut(text, length), lastWords(text, length)]) {
        expect(short.length).toBeLessThanOrEqual(length)
        expect(short.isWellFormed()).toBe(true)
        expect(escaped(short)).toBe(short)
      }
    }),
  )
})
