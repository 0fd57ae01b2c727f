import { expect, test } from 'vitest'
import { queryOf } from './query.ts'

test.each([
  ['is empty where nothing is asked for', {}, ''],
  ['leaves out what is undefined or empty', { limit: undefined, continue: '' }, ''],
  ['keeps what is false or zero', { force: false, limit: 0 }, '?force=false&limit=0'],
  ['encodes selectors', { labelSelector: 'a in (b,c)&d=é' }, '?labelSelector=a+in+%28b%2Cc%29%26d%3D%C3%A9'],
])('a query %s', (_, parameters, wanted) => {
  expect(queryOf(parameters)).toBe(wanted)
})
