/** What is written, with all kinds of faults between the client and the real API server. */
import { pino } from 'pino'
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { Client } from '../../kube/client.ts'
import type { KubeObject } from '../../kube/object.ts'
import { Reflector } from '../../kube/reflector.ts'
import { type Fault, INTERNAL_ERROR, tooManyRequests, UNAUTHORIZED, UNAVAILABLE } from '../faults/fault.ts'
import { until } from '../kernel/poll.ts'
import { CONFIG_MAPS } from './churn.ts'
import { type FaultyWay, faultyWay } from './faulty-way.ts'

const log = pino({ level: 'silent' })

let way: FaultyWay
beforeAll(async () => {
  way = await faultyWay()
  return () => way[Symbol.asyncDispose]()
})

afterEach(() => {
  way.proxy.clear()
  way.proxy.requests.length = 0
})

const clientFor = (fault: Fault) => (fault.does === 'swallow' ? way.impatient : way.client)

type Outcome = 'done' | 'refused' | 'unknown'

test.each<[string, Fault, number, Outcome, number]>([
  ['429 with Retry-After', tooManyRequests(1), 1, 'done', 1],
  ['401 once', UNAUTHORIZED, 1, 'done', 1],
  ['401 for long', UNAUTHORIZED, 9, 'refused', 0],
  ['500', INTERNAL_ERROR, 9, 'refused', 0],
  ['503', UNAVAILABLE, 9, 'refused', 0],
  ['a reset before the answer', { does: 'reset' }, 9, 'unknown', 0],
  ['a reset instead of the answer', { does: 'loseAnswer' }, 9, 'unknown', 1],
  ['an answer that breaks off', { does: 'breakOff', afterBytes: 20 }, 9, 'unknown', 1],
  ['a truncated answer', { does: 'truncate', afterBytes: 20 }, 9, 'unknown', 1],
  ['no answer at all', { does: 'swallow' }, 9, 'unknown', 0],
  ['a slow answer', { does: 'trickle', bytes: 50, everyMs: 1 }, 9, 'done', 1],
])('a creation under %s is never done twice', async (_, fault, times, outcome, created) => {
  const namespace = await way.namespace()
  way.proxy.inject(fault, { verb: 'create', resource: 'configmaps' }, times)
  const object = { metadata: { namespace, generateName: 'made-' } } as unknown as KubeObject
  const told = await clientFor(fault)
    .create(CONFIG_MAPS, object)
    .then(
      () => 'done',
      error => (error.name === 'ApiError' ? 'refused' : 'unknown'),
    )
  expect(told).toBe(outcome)
  expect((await way.direct.list(CONFIG_MAPS, { namespace })).items).toHaveLength(created)
})

test.each<[string, Fault]>([
  ['429 with Retry-After', tooManyRequests(1)],
  ['500', INTERNAL_ERROR],
  ['401', UNAUTHORIZED],
  ['a reset before the answer', { does: 'reset' }],
  ['a reset instead of the answer', { does: 'loseAnswer' }],
  ['a truncated answer', { does: 'truncate', afterBytes: 30 }],
  ['no answer at all', { does: 'swallow' }],
])('one who reads and writes until it is so, under %s, writes each state once', async (_, fault) => {
  const namespace = await way.namespace()
  const place = { namespace, name: 'counter' }
  const states: string[] = []
  const stop = new AbortController()
  const witness = new Reflector<Counter>({ client: way.direct, resource: CONFIG_MAPS, namespace, log })
  witness.on(({ object }) => states.push(object.data.count))
  const ran = witness.run(stop.signal)
  await witness.synced
  await way.direct.create(CONFIG_MAPS, { metadata: place, data: { count: '0' } } as Counter)
  let request = 0
  const rule = way.proxy.inject(fault, { resource: 'configmaps', where: () => ++request % 3 === 0 }, 6)
  for (let count = 1; count <= 10; count++) await countTo(count, place, clientFor(fault))
  expect((await way.direct.get<Counter>(CONFIG_MAPS, place)).data.count).toBe('10')
  await until('the last is seen', () => states.at(-1) === '10')
  expect(rule.hits).toBe(6)
  expect(states).toEqual(Array.from({ length: 11 }, (_, count) => String(count)))
  stop.abort()
  await ran
})

type Counter = KubeObject & { data: { count: string; attempt?: string } }

/** As a reconciler does it: it looks, and writes if it is not so. */
async function countTo(
  count: number,
  place: { namespace: string; name: string },
  client: Client,
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const seen = await client.get<Counter>(CONFIG_MAPS, place)
      if (seen.data.count === String(count)) return
      await client.replace(CONFIG_MAPS, {
        ...seen,
        data: { count: String(count), attempt: String(attempt) },
      })
    } catch {
      // It looks again.
    }
  }
}

test('a deletion whose answer was lost is done', async () => {
  const namespace = await way.namespace()
  const place = { namespace, name: 'gone' }
  await way.direct.create(CONFIG_MAPS, { metadata: place })
  way.proxy.inject({ does: 'loseAnswer' }, { verb: 'delete' }, 1)
  await way.client.remove(CONFIG_MAPS, place)
  expect((await way.direct.list(CONFIG_MAPS, { namespace })).items).toEqual([])
})
