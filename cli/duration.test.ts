import { assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { parseDuration } from './duration.ts'

test.each([
  ['10s', 10],
  ['2m', 120],
  ['1h', 3600],
  ['1d', 86_400],
  ['1h30m', 5400],
  ['1h0m5s', 3605],
])('%s is %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds)
})

test.each([
  '',
  '10',
  's',
  '-5s',
  '0s',
  '1.5h',
  '10 s',
  '10S',
  '1m1h',
  '1s1s',
  '1h ',
  '9'.repeat(20) + 's',
])('%j is no duration', text => {
  expect(parseDuration(text)).toBeUndefined()
})

test('every whole number of seconds can be asked for', () => {
  assert(property(integer({ min: 1 }), n => parseDuration(`${n}s`) === n))
})
