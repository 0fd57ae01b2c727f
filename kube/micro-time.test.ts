import { expect, test } from 'vitest'
import { microTime } from './micro-time.ts'

test.each([
  [new Date(0), '1970-01-01T00:00:00.000000Z'],
  [new Date('2026-11-23T12:00:00.123Z'), '2026-11-23T12:00:00.123000Z'],
])('%o has six digits of a second', (time, text) => {
  expect(microTime(time)).toBe(text)
})
