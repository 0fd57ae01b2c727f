import { expect, test } from 'vitest'
import { fnv1a } from './fnv1a.ts'

// From the authors' own list: http://www.isthe.com/chongo/src/fnv/test_fnv.c
test.each([
  ['', 'cbf29ce484222325'],
  ['a', 'af63dc4c8601ec8c'],
  ['foobar', '85944171f73967e8'],
])('%j is hashed as its authors say', (text, hash) => {
  expect(fnv1a(text)).toBe(hash)
})

test('every hash is as long as any other', () => {
  const lengths = Array.from({ length: 1000 }, (_, i) => fnv1a(`node-${i}`).length)
  expect(new Set(lengths)).toEqual(new Set([16]))
})
