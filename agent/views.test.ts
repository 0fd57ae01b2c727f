import { expect, test } from 'vitest'
import { Views } from './views.ts'

test('a view has the indices of its array, and is made only once', () => {
  const views = new Views()
  const one = Uint8Array.of(9, 9, 1, 2, 3).subarray(2)
  const other = Uint8Array.of(4)
  const first = views.of(one)
  expect([first.getUint8(0), first.getUint8(2), first.byteLength]).toEqual([1, 3, 3])
  expect(views.of(other).getUint8(0)).toBe(4)
  expect(views.of(one)).toBe(first)
})
