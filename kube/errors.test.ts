import { describe, expect, test } from 'vitest'
import {
  ApiError,
  ConnectionFailed,
  isAlreadyExists,
  isConflict,
  isGone,
  isNotFound,
  refusalOf,
  UnreadableAnswer,
} from './errors.ts'

const REQUEST = { verb: 'update', resource: 'leases/status', namespace: 'a', name: 'b' }

describe('an error says', () => {
  test.each([
    [
      new ApiError(REQUEST, { status: 409, reason: 'Conflict', message: 'it has changed' }),
      'update leases/status "b" in "a": 409 Conflict: it has changed',
    ],
    [new ApiError({ verb: 'list', resource: 'pods' }, { status: 503 }), 'list pods: 503'],
    [
      new ConnectionFailed(REQUEST, 'connect ECONNREFUSED'),
      'update leases/status "b" in "a": connect ECONNREFUSED',
    ],
    [new UnreadableAnswer(REQUEST, 'not JSON'), 'update leases/status "b" in "a": not JSON'],
  ])('%s', (error, wanted) => {
    expect(error.message).toBe(wanted)
  })

  test('what an attacker wrote so that no terminal obeys it', () => {
    const error = new ApiError(
      { ...REQUEST, name: 'b\u001b[2J' },
      { status: 422, message: 'bad \u202e\n name' },
    )
    expect(error.message).toBe('update leases/status "b\\x1b[2J" in "a": 422: bad \\u202e\\n name')
  })

  test('nothing of what was to be written', () => {
    const call = { ...REQUEST, body: { password: 'secret' } }
    const errors = [
      new ApiError(call, { status: 422 }),
      new ConnectionFailed(call, ''),
      new UnreadableAnswer(call, ''),
    ]
    expect(JSON.stringify(errors)).not.toContain('secret')
  })

  test('no more than fits in a log line', () => {
    const error = new ApiError(REQUEST, { status: 500, message: 'x'.repeat(1e6) })
    expect(error.message.length).toBeLessThan(600)
  })
})

describe('a refusal is told apart', () => {
  const of = (status: number, reason?: string) => new ApiError(REQUEST, { status, reason })
  test.each([
    ['404 NotFound', of(404, 'NotFound'), [isNotFound]],
    ['409 AlreadyExists', of(409, 'AlreadyExists'), [isAlreadyExists]],
    ['409 Conflict', of(409, 'Conflict'), [isConflict]],
    ['410 Expired', of(410, 'Expired'), [isGone]],
    ['an event of reason Gone', of(500, 'Gone'), [isGone]],
    ['no answer', new ConnectionFailed(REQUEST, ''), []],
    ['something else that was thrown', 'NotFound', []],
  ])('%s', (_, error, wanted) => {
    const all = [isNotFound, isAlreadyExists, isConflict, isGone]
    expect(all.filter(is => is(error))).toEqual(wanted)
  })
})

describe('of a Status is read', () => {
  test('what it has', () => {
    const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }]
    const status = { code: 504, reason: 'Timeout', message: 'm', details: { retryAfterSeconds: 1, causes } }
    expect(refusalOf(status)).toEqual({ ...status, status: 504, code: undefined })
    expect(new ApiError(REQUEST, refusalOf(status)).retryAfterSeconds).toBe(1)
  })

  test('nothing that is not as it should be', () => {
    const status = {
      code: '410',
      reason: 7,
      message: {},
      details: { name: 1, retryAfterSeconds: -1, causes: [null, 'x'] },
    }
    expect(refusalOf(status as never)).toEqual({ status: 500, details: { causes: [] } })
    expect(refusalOf({ details: null } as never)).toEqual({ status: 500 })
  })
})
