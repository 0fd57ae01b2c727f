import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sameQuantity } from './quantity.ts'

test.each([
  ['1024Mi', '1Gi', true],
  ['0.5', '500m', true],
  ['1', '1000m', true],
  [1, '1', true],
  ['1e3', '1k', true],
  ['1E3', '1000', true],
  ['1.5Gi', '1536Mi', true],
  ['.5', '0.5', true],
  ['5.', '5', true],
  ['+1', '1', true],
  ['-1', '1', false],
  ['1M', '1Mi', false],
  ['1E', '1000P', true],
  ['1n', '0.000000001', true],
  ['128Mi', '129Mi', false],
  ['', '0', false],
  ['many', 'many', true],
  ['many', 'more', false],
  ['.', '0', false],
])('%j and %j are one amount: %s', (a, b, wanted) => {
  expect(sameQuantity(a, b)).toBe(wanted)
  expect(sameQuantity(b, a)).toBe(wanted)
})

test('an amount is itself in every unit, and no other', () => {
  fc.assert(
    fc.property(fc.nat(1e9), fc.nat(1e9), (n, other) => {
      expect(sameQuantity(`${n}`, `${n * 1000}m`)).toBe(true)
      expect(sameQuantity(`${n}Ki`, `${n * 1024}`)).toBe(true)
      expect(sameQuantity(`${n}`, `${other}`)).toBe(n === other)
    }),
  )
})
