import { describe, expect, test } from 'vitest'
import { ApiError, ConnectionFailed, UnreadableAnswer } from './errors.ts'
import { type Repeatable, Retries } from './retry.ts'

const REQUEST = { verb: 'get', resource: 'pods' }
const no = (status: number, retryAfterSeconds?: number) =>
  new ApiError(REQUEST, { status, retryAfterSeconds })
const closed = new ConnectionFailed(REQUEST, 'other side closed', { wasClosed: true })
const unreached = new ConnectionFailed(REQUEST, 'ECONNREFUSED', { neverSent: true })
const unreadable = new UnreadableAnswer(REQUEST, 'not JSON')

/** After each failure, in how many milliseconds it is tried again. */
function waits(repeatable: Repeatable, ...errors: unknown[]): (number | undefined)[] {
  const retries = new Retries(repeatable, 30_000)
  return errors.map(error => retries.next(error, 0, 1))
}

const ALL: Repeatable[] = ['Read', 'Idempotent', 'Once']

describe.each(ALL)('a request that is %s', repeatable => {
  test.each([
    ['waits as long as a 429 says', [no(429, 3)], [3000]],
    ['waits a little where a 429 does not say how long', [no(429), no(429)], [100, 200]],
    ['waits as long as a 503 says', [no(503, 2)], [2000]],
    ['waits a little where it is told to come back at once', [no(429, 0)], [100]],
    ['is tried once more after a 401, at once', [no(401), no(401)], [0, undefined]],
    ['is not tried again when it is refused', [no(403)], [undefined]],
    ['is not tried again when it is in conflict', [no(409)], [undefined]],
    ['is not tried again when there is no such object', [no(404)], [undefined]],
    ['is not tried again where there is no server', [unreached], [undefined]],
    ['is not tried again after a defect of ours', [new TypeError()], [undefined]],
    ['is tried five times and no more', Array(6).fill(no(429)), [100, 200, 400, 800, undefined, undefined]],
  ])('%s', (_, errors, wanted) => {
    expect(waits(repeatable, ...errors)).toEqual(wanted)
  })
})

describe('what depends on what a second try would do', () => {
  test.each<[string, unknown[], Record<Repeatable, (number | undefined)[]>]>([
    [
      'the connection was closed',
      [closed, closed],
      { Read: [0, undefined], Idempotent: [0, undefined], Once: [undefined, undefined] },
    ],
    [
      'a 500',
      [no(500), no(500)],
      { Read: [100, 200], Idempotent: [undefined, undefined], Once: [undefined, undefined] },
    ],
    ['a 503 without Retry-After', [no(503)], { Read: [100], Idempotent: [undefined], Once: [undefined] }],
    [
      'an answer that can not be read',
      [unreadable],
      { Read: [100], Idempotent: [undefined], Once: [undefined] },
    ],
  ])('%s', (_, errors, wanted) => {
    expect(Object.fromEntries(ALL.map(repeatable => [repeatable, waits(repeatable, ...errors)]))).toEqual(
      wanted,
    )
  })
})

test('there is no waiting for longer than there is time', () => {
  expect(new Retries('Read', 30_000).next(no(429, 30), 0, 1)).toBeUndefined()
  expect(new Retries('Read', 30_000).next(no(500), 29_950, 1)).toBeUndefined()
})
