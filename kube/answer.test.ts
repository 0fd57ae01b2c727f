import { describe, expect, test } from 'vitest'
import { listOf, objectOf, refused } from './answer.ts'
import { UnreadableAnswer } from './errors.ts'
import { DAEMON_SETS } from './resource.ts'

const REQUEST = { verb: 'list', resource: 'daemonsets' }
const list = (text: string) => listOf(REQUEST, { status: 200, headers: {}, text }, DAEMON_SETS)

describe('a list', () => {
  test('tells of each object what a watch would', () => {
    const text = JSON.stringify({
      metadata: { resourceVersion: '7', continue: 'x' },
      items: [{ metadata: { name: 'a' } }],
    })
    expect(list(text)).toEqual({
      metadata: { resourceVersion: '7', continue: 'x' },
      items: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'a' } }],
    })
  })

  test.each([
    ['null for no items', '{"metadata":{},"items":null}', []],
    ['no items', '{}', []],
    ['items that are no objects', '{"items":[null,1,"a"]}', [null, 1, 'a']],
  ])('with %s is read', (_, text, items) => {
    expect(list(text)).toEqual({ metadata: {}, items })
  })

  test.each([
    ['cut off', '{"items":[{"metadata":'],
    ['empty', ''],
    ['no JSON', '<html>502</html>'],
    ['no object', '[]'],
    ['null', 'null'],
    ['no list', '{"items":{}}'],
  ])('that is %s is not', (_, text) => {
    expect(() => list(text)).toThrow(UnreadableAnswer)
  })
})

test('what an answer that can not be read says is not in the error whole', () => {
  expect(() => objectOf(REQUEST, { status: 200, headers: {}, text: `\u001b${'x'.repeat(1e6)}` })).toThrow(
    /^list daemonsets: the answer is not JSON: .{1,500}$/,
  )
})

describe('a refusal', () => {
  const of = (status: number, text: string, headers = {}) => refused(REQUEST, { status, text, headers })

  test('is told by its Status', () => {
    const status = {
      code: 429,
      reason: 'TooManyRequests',
      message: 'storage is (re)initializing',
      details: { retryAfterSeconds: 1 },
    }
    expect(of(429, JSON.stringify(status))).toMatchObject({
      status: 429,
      reason: 'TooManyRequests',
      retryAfterSeconds: 1,
      message: 'list daemonsets: 429 TooManyRequests: storage is (re)initializing',
    })
  })

  test('of a proxy in between has its words', () => {
    expect(of(502, 'Bad Gateway\n')).toMatchObject({
      status: 502,
      message: 'list daemonsets: 502: Bad Gateway',
    })
  })

  test('has the status of the answer, whatever its body says', () => {
    expect(of(503, '{"code":200}').status).toBe(503)
  })

  test.each([
    ['3', 3],
    ['0', 0],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
    ['-1', undefined],
    ['99999999999999999999', undefined],
    [['1', '2'], undefined],
  ])('with Retry-After %j is to be tried after %j seconds', (header, wanted) => {
    expect(of(503, '', { 'retry-after': header }).retryAfterSeconds).toBe(wanted)
  })
})
