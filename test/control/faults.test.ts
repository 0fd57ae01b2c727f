/** The reflector, with all kinds of faults between it and the real API server. */
import { isDeepStrictEqual } from 'node:util'
import { pino } from 'pino'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Reflector } from '../../kube/reflector.ts'
import {
  EXPIRED,
  EXPIRED_EVENT,
  type Fault,
  INTERNAL_ERROR,
  STORAGE_INITIALIZING,
  tooManyRequests,
  UNAUTHORIZED,
  UNAVAILABLE,
} from '../faults/fault.ts'
import type { Match, Rule } from '../faults/rules.ts'
import { until } from '../kernel/poll.ts'
import { Churn, CONFIG_MAPS } from './churn.ts'
import { type FaultyWay, faultyWay } from './faulty-way.ts'
import { Mirror } from './mirror.ts'

const log = pino({ level: 'silent' })
/** So that lists have several pages. */
const PAGE_SIZE = 7

let way: FaultyWay
beforeAll(async () => {
  way = await faultyWay()
  return () => way[Symbol.asyncDispose]()
})

afterEach(() => {
  way.proxy.clear()
  way.proxy.requests.length = 0
})

describe('the store equals the truth in the end', () => {
  /** Changes go on before, during and after what befalls the reflector. */
  async function through(befall: (churn: Churn) => Promise<unknown>, client = way.client): Promise<void> {
    const namespace = await way.namespace()
    const churn = new Churn(way.direct, namespace)
    const stop = new AbortController()
    try {
      await until('there are some pages', () => churn.changes > 4 * PAGE_SIZE)
      const reflector = new Reflector({
        client,
        resource: CONFIG_MAPS,
        namespace,
        log,
        pageSize: PAGE_SIZE,
      })
      const mirror = new Mirror(reflector)
      const ran = reflector.run(stop.signal)
      await befall(churn)
      way.proxy.clear()
      await reflector.synced
      const changes = churn.changes
      await until('there were more changes', () => churn.changes > changes + 20)
      await churn.stop()
      await until('the store is right', async () => {
        const { told, stored, true: truth } = await mirror.states(way.direct, namespace)
        return isDeepStrictEqual(stored, truth) && isDeepStrictEqual(told, truth)
      })
      expect(mirror.contradictions).toEqual([])
      stop.abort()
      await ran
    } finally {
      stop.abort()
      await churn.stop()
    }
  }

  const allHit = (...rules: [Rule, number][]) =>
    until('all that was to befall has', () => rules.every(([rule, times]) => rule.hits === times))

  const LIST: Match = { verb: 'list', resource: 'configmaps' }
  const WATCH: Match = { verb: 'watch', resource: 'configmaps' }

  test.each<[string, Fault, number]>([
    ['429 with Retry-After', tooManyRequests(1), 2],
    ['429, storage is (re)initializing', STORAGE_INITIALIZING, 2],
    ['500', INTERNAL_ERROR, 3],
    ['503', UNAVAILABLE, 3],
    ['a burst of 401', UNAUTHORIZED, 5],
    ['410', EXPIRED, 2],
    ['a reset before the answer', { does: 'reset' }, 3],
    ['a reset instead of the answer', { does: 'loseAnswer' }, 2],
    ['a reset in mid-stream', { does: 'breakOff', afterBytes: 1500 }, 3],
    ['truncated JSON', { does: 'truncate', afterBytes: 1000 }, 3],
    ['a stream that falls silent', { does: 'stall', afterBytes: 1200 }, 2],
    ['an answer that comes slowly', { does: 'trickle', bytes: 50, everyMs: 1 }, 1],
    ['no answer at all', { does: 'swallow' }, 2],
  ])('after %s, to lists and to watches', async (_, fault, times) => {
    // A watch that is not told of its end has none to lose.
    const ofWatch = fault.does === 'loseAnswer' ? [] : [[way.proxy.inject(fault, WATCH, times), times]]
    const ofList = [way.proxy.inject(fault, LIST, times), times]
    const client = ['stall', 'swallow'].includes(fault.does) ? way.impatient : way.client
    await through(() => allHit(...([ofList, ...ofWatch] as [Rule, number][])), client)
  })

  test('after a resourceVersion that has expired, by an event', async () => {
    const rule = way.proxy.inject(EXPIRED_EVENT, WATCH, 3)
    await through(() => allHit([rule, 3]))
    expect(
      way.proxy.requests.filter(({ verb, query }) => verb === 'list' && !query.has('continue')).length,
    ).toBeGreaterThan(3)
  })

  test('after a continue token that has expired', async () => {
    const rule = way.proxy.inject(EXPIRED, { ...LIST, where: ({ query }) => query.has('continue') }, 2)
    await through(() => allHit([rule, 2]))
  })

  test('after connections that are dropped again and again', async () => {
    await through(async () => {
      for (let drop = 0; drop < 10; drop++) {
        const watches = () =>
          way.proxy.requests.filter(({ verb, status }) => verb === 'watch' && status).length
        const before = watches()
        way.proxy.dropConnections()
        await until('there is another watch', () => watches() > before)
      }
    })
  })

  test('after being cut off while much changes', async () => {
    await through(async churn => {
      const watches = () => way.proxy.requests.filter(({ verb, status }) => verb === 'watch' && status).length
      await until('there is a watch', () => watches() > 0)
      using _ = way.proxy.cut()
      const before = churn.changes
      await until('much has changed', () => churn.changes > before + 300)
    }, way.impatient)
  })

  test('after one fault after the other', async () => {
    const faults: Fault[] = [
      INTERNAL_ERROR,
      { does: 'truncate', afterBytes: 700 },
      UNAUTHORIZED,
      EXPIRED,
      { does: 'reset' },
      STORAGE_INITIALIZING,
      { does: 'breakOff', afterBytes: 900 },
    ]
    const rules = [...faults, ...faults].map(fault => [way.proxy.inject(fault, {}, 1), 1] as [Rule, number])
    await through(() => allHit(...rules))
  })
})
