import { constants } from 'node:os'
import { expect, test } from 'vitest'
import { errnoName } from './errno.ts'

const synonyms = new Map([
  ['EWOULDBLOCK', 'EAGAIN'],
  ['ENOTSUP', 'EOPNOTSUPP'],
])

test.each(Object.entries(constants.errno))("%s (%d) is called as in Node's table", (name, errno) => {
  expect(errnoName(errno)).toBe(synonyms.get(name) ?? name)
})

test.each([
  [15, 'ENOTBLK'],
  [44, 'ECHRNG'],
  [59, 'EBFONT'],
  [117, 'EUCLEAN'],
  [123, 'ENOMEDIUM'],
  [126, 'ENOKEY'],
  [133, 'EHWPOISON'],
  [512, 'ERESTARTSYS'],
  [516, 'ERESTART_RESTARTBLOCK'],
  [521, 'EBADHANDLE'],
  [524, 'ENOTSUPP'],
  [530, 'ERECALLCONFLICT'],
  [0, 'errno 0'],
  [41, 'errno 41'],
  [58, 'errno 58'],
  [134, 'errno 134'],
  [511, 'errno 511'],
  [520, 'errno 520'],
  [531, 'errno 531'],
  [-2, 'errno -2'],
])('%d is %s', (errno, name) => {
  expect(errnoName(errno)).toBe(name)
})
