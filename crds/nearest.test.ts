import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distance, nearest } from './nearest.ts'

test.each([
  ['', '', 0],
  ['abc', '', 3],
  ['acces', 'access', 1],
  ['kitten', 'sitting', 3],
  ['fitler', 'filter', 1],
])('from %j to %j it is %i', (a, b, wanted) => {
  expect(distance(a, b)).toBe(wanted)
})

test('the distance is the same both ways, none to itself, and at most the longer length', () => {
  const word = fc.string({ maxLength: 12 })
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(distance(a, b)).toBe(distance(b, a))
      expect(distance(a, a)).toBe(0)
      expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length))
    }),
  )
})

test.each([
  ['acces', 'access'],
  ['WRITE', undefined],
  ['RESULT', 'result'],
  ['uid', 'uids'],
  ['colour', undefined],
  ['', undefined],
  ['access'.repeat(100), undefined],
])('%j was probably meant to be %j', (word, wanted) => {
  expect(nearest(word, ['access', 'result', 'uids', 'commands'])).toBe(wanted)
})
