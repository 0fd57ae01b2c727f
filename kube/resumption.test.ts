import { describe, expect, test } from 'vitest'
import { ApiError, ConnectionFailed, UnreadableAnswer } from './errors.ts'
import { Resumption } from './resumption.ts'

const REQUEST = { verb: 'watch', resource: 'pods' }
const no = (status: number, retryAfterSeconds?: number) =>
  new ApiError(REQUEST, { status, retryAfterSeconds })
const broken = new ConnectionFailed(REQUEST, 'other side closed', { wasClosed: true })
const unreadable = new UnreadableAnswer(REQUEST, 'not JSON')

const waits = (...errors: unknown[]) => {
  const resumption = new Resumption()
  return errors.map(error => resumption.after(error, 1).waitMs)
}
const times = (count: number, error: unknown) => Array(count).fill(error)

describe('the wait', () => {
  test.each([
    ['grows while there is no server, to five seconds', times(5, broken), [800, 1600, 3200, 5000, 5000]],
    [
      'grows while we are refused, to thirty',
      times(7, no(403)),
      [800, 1600, 3200, 6400, 12800, 25600, 30_000],
    ],
    [
      'for a server that was away says nothing of one that refuses',
      [...times(4, broken), no(403)],
      [800, 1600, 3200, 5000, 800],
    ],
    ['is somewhat longer than the server says', [no(429, 1), no(429, 1)], [1500, 1600]],
    ['is at most half as much again as thirty seconds', [no(503, 3600)], [45_000]],
  ])('%s', (_, errors, wanted) => {
    expect(waits(...errors)).toEqual(wanted)
  })

  test('begins again when all is well', () => {
    const resumption = new Resumption()
    for (const error of [broken, broken, no(500), no(500)]) resumption.after(error, 1)
    resumption.reset()
    expect(resumption.after(broken, 1)).toMatchObject({ waitMs: 800, isFirst: true })
    expect(resumption.after(no(500), 1)).toMatchObject({ waitMs: 800, isFirst: false })
  })
})

describe('the list is read again', () => {
  test.each([
    ['after 410', no(410), true],
    ['after 410 by another code', new ApiError(REQUEST, { status: 500, reason: 'Expired' }), true],
    ['after a refusal of the query', no(400), true],
    ['where the kind was not there', no(404), true],
    ['after what can not be read', unreadable, true],
    ['after a defect of ours', new TypeError(), true],
    ['not after a broken connection', broken, false],
    ['not while we are nobody', no(401), false],
    ['not while we may not', no(403), false],
    ['not while we are too many', no(429), false],
    ['not while the server has troubles', no(500), false],
  ])('%s', (_, error, wanted) => {
    expect(new Resumption().after(error, 1).mustList).toBe(wanted)
  })

  test('now and then, where a watch is refused for good', () => {
    const resumption = new Resumption()
    const mustList = times(10, no(403)).map(error => resumption.after(error, 1).mustList)
    expect(mustList).toEqual([false, false, false, false, true, false, false, false, false, true])
  })
})
