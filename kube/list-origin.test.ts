import { expect, test } from 'vitest'
import { ApiError } from './errors.ts'
import { ListOrigin } from './list-origin.ts'

const no = (status: number, cause?: string) =>
  new ApiError(
    { verb: 'list', resource: 'pods' },
    { status, details: { causes: cause ? [{ reason: cause }] : [] } },
  )

test('is the newest state, always', () => {
  const origin = new ListOrigin(false)
  expect([origin.after(undefined), origin.after('rv-7')]).toEqual([undefined, undefined])
})

test('is any state in memory at first, and then none that is older than what we had', () => {
  const origin = new ListOrigin(true)
  expect([origin.after(undefined), origin.after('rv-7')]).toEqual(['0', 'rv-7'])
})

test.each([
  ['is too new for the memory', no(504, 'ResourceVersionTooLarge'), undefined],
  ['is too old', no(410), undefined],
  ['has nothing to do with the failure', no(504), 'rv-7'],
  ['can not be asked for', new Error('x'), 'rv-7'],
])('where what we had %s, it is %3$j', (_, error, wanted) => {
  const origin = new ListOrigin(true)
  origin.failed(error)
  expect(origin.after('rv-7')).toBe(wanted)
  origin.succeeded()
  expect(origin.after('rv-7')).toBe('rv-7')
})
