import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FakeClock } from './clock.fake.ts'
import { ConnectionFailed, UnreadableAnswer } from './errors.ts'
import { type Fault, type ModelObject, ModelServer, refused } from './model-server.fake.ts'
import { Reflector } from './reflector.ts'
import type { Change } from './replica.ts'
import { PODS } from './resource.ts'
import { silentLog } from './server.fake.ts'

const REQUEST = { verb: 'watch', resource: 'pods' }
const name = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const fault: fc.Arbitrary<Fault> = fc.constantFrom<Fault[]>(
  'ends',
  new ConnectionFailed(REQUEST, 'other side closed'),
  new UnreadableAnswer(REQUEST, 'cut off'),
  refused(401),
  refused(404),
  refused(410),
  refused(429, { details: { retryAfterSeconds: 1 } }),
  refused(500),
)

type Step = (server: ModelServer, clock: FakeClock) => unknown

/** All watches break, and what happens before they are back is forgotten. */
const outage =
  (...during: Step[]): Step =>
  (server, clock) => {
    server.endWatches(new ConnectionFailed(REQUEST, 'other side closed'))
    for (const step of during) step(server, clock)
    server.compact()
  }

const STEPS: [weight: number, step: fc.Arbitrary<Step>][] = [
  [
    4,
    fc.tuple(name, fc.string()).map(
      ([name, spec]) =>
        server =>
          server.put(name, spec),
    ),
  ],
  [2, name.map(name => server => server.remove(name))],
  [2, name.map(name => server => server.recreate(name))],
  [2, name.map(name => outage(server => server.recreate(name)))],
  [1, name.map(name => outage(server => server.remove(name)))],
  [2, fault.map(fault => server => server.endWatches(fault))],
  [1, fault.map(fault => server => server.watchFaults.push(fault))],
  [1, fault.map(fault => server => server.listFaults.push(fault))],
  [1, fc.constant(server => server.listFaults.push(undefined))],
  [1, fc.constant(server => server.compact())],
  [1, fc.constant(server => server.say({ type: 'ADDED', object: { metadata: {} } }))],
  [3, fc.nat(5000).map(time => (_, clock) => clock.pass(time))],
]
const step = fc.oneof(...STEPS.map(([weight, arbitrary]) => ({ weight, arbitrary })))

/** What those believe who only listen. Every change must make sense to them. */
function follow(known: Map<string, ModelObject>, change: Change<ModelObject>): void {
  const { type, object } = change
  const { name } = object.metadata
  const before = known.get(name)
  if (type === 'added') expect(before).toBeUndefined()
  else expect(before).toEqual(change.old)
  if (type === 'updated') expect(object.metadata.uid).toBe(before?.metadata.uid)
  if (type === 'deleted') known.delete(name)
  else known.set(name, object)
}

const byName = (objects: Iterable<ModelObject>) =>
  [...objects].sort((a, b) => a.metadata.name.localeCompare(b.metadata.name))

test('whatever happened, in the end the store and whoever listens know the truth', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, listsFromCache) => {
      const server = new ModelServer()
      const clock = new FakeClock()
      const stop = new AbortController()
      const options = { client: server, resource: PODS, log: silentLog, clock, pageSize: 2, listsFromCache }
      const reflector = new Reflector<ModelObject>({ ...options, random: () => 1 })
      const known = new Map<string, ModelObject>()
      const nonsense: unknown[] = []
      reflector.on(change => {
        try {
          follow(known, change)
        } catch (error) {
          nonsense.push(error)
        }
      })
      const running = reflector.run(stop.signal)
      for (const step of steps) await step(server, clock)
      server.listFaults.length = 0
      server.watchFaults.length = 0
      await clock.pass(60_000)
      stop.abort()
      await running
      expect(nonsense).toEqual([])
      expect(byName(reflector.store.list())).toEqual(byName(server.truth))
      expect(byName(known.values())).toEqual(byName(server.truth))
      expect([server.open.size, clock.waiting]).toEqual([0, 0])
    }),
    { numRuns: 1000 },
  )
})
