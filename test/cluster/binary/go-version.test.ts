import { expect, test } from 'vitest'
import { isOlder } from './go-version.ts'

test.each([
  ['go1.26.8', false],
  ['go1.26.0', false],
  ['go1.26', false],
  ['go1.26rc2', false],
  ['go1.30.1 X:nodwarf5', false],
  ['go2.0', false],
  ['go1.25.9', true],
  ['go1.9.7', true],
  ['devel +a1b2c3', true],
  ['', true],
])('%j, where 1.26.0 is wanted: older is %s', (version, older) => {
  expect(isOlder(version, '1.26.0')).toBe(older)
})
