import { expect, test } from 'vitest'
import { sayDuration } from './duration.ts'

test.each([
  [0, '0 s'],
  [0.44, '0.4 s'],
  [10, '10 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min'],
  [125, '2 min 5 s'],
  [3600, '1 h'],
  [5400, '1 h 30 min'],
  [97_200, '1 d 3 h'],
])('%d seconds are said as %s', (seconds, text) => {
  expect(sayDuration(seconds)).toBe(text)
})
