import { expect, test } from 'vitest'
import { EventLimit } from './event-limit.ts'

const taken = (limit: EventLimit, object: string, times: number, nowMs: number) =>
  Array.from({ length: times }, () => limit.take(object, nowMs)).filter(Boolean).length

test('25 events about an object, then one in five minutes', () => {
  const limit = new EventLimit()
  expect(taken(limit, 'a', 100, 0)).toBe(25)
  expect(taken(limit, 'a', 100, 299_999)).toBe(0)
  expect(taken(limit, 'a', 100, 300_000)).toBe(1)
})

test('each object has its own', () => {
  const limit = new EventLimit()
  taken(limit, 'a', 100, 0)
  expect(taken(limit, 'b', 100, 0)).toBe(25)
})

test('the objects that were asked for least lately are forgotten first', () => {
  const limit = new EventLimit()
  taken(limit, 'busy', 25, 0)
  taken(limit, 'quiet', 25, 0)
  for (let i = 0; i < 4095; i++) {
    limit.take('busy', 0)
    limit.take(`other-${i}`, 0)
  }
  expect([limit.take('busy', 0), limit.take('quiet', 0)]).toEqual([false, true])
})
