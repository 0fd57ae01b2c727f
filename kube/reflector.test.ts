import { pino } from 'pino'
import { describe, expect, test, vi } from 'vitest'
import { FakeClock, settled } from './clock.fake.ts'
import { ConnectionFailed } from './errors.ts'
import { type Fault, type ModelObject, ModelServer, refused } from './model-server.fake.ts'
import { Reflector, type ReflectorOptions } from './reflector.ts'
import type { Change } from './replica.ts'
import { PODS } from './resource.ts'
import { silentLog } from './server.fake.ts'

const broken = new ConnectionFailed({ verb: 'watch', resource: 'pods' }, 'other side closed', {
  wasClosed: true,
})
const initializing = refused(429, { reason: 'TooManyRequests', details: { retryAfterSeconds: 1 } })

interface Setup extends Partial<ReflectorOptions<ModelObject>> {
  names?: string[]
}

/** A reflector that runs, and everything it tells. */
async function setup(
  { names = [], ...options }: Setup = {},
  before: (server: ModelServer) => void = () => {},
) {
  const server = new ModelServer()
  const clock = new FakeClock()
  const stop = new AbortController()
  for (const name of names) server.put(name)
  before(server)
  const reflector = new Reflector<ModelObject>({
    client: server,
    resource: PODS,
    namespace: 'n',
    log: silentLog,
    clock,
    random: () => 1,
    ...options,
  })
  const told: string[] = []
  reflector.on(({ type, object }) => told.push(`${type} ${object.metadata.name}`))
  const running = reflector.run(stop.signal)
  await settled()
  const names_ = () => reflector.store.list().map(({ metadata }) => metadata.name)
  const end = async () => {
    stop.abort()
    await running
  }
  return { server, clock, stop, reflector, running, told, names: names_, [Symbol.asyncDispose]: end }
}

describe('at the beginning', () => {
  test('it lists page by page, and watches from there', async () => {
    await using given = await setup({ names: ['a', 'b', 'c', 'd', 'e'], pageSize: 2, labelSelector: 'x=y' })
    expect(given.names()).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(given.server.lists.map(({ limit, labelSelector }) => [limit, labelSelector])).toEqual(
      Array(3).fill([2, 'x=y']),
    )
    expect(given.server.lists[0]).not.toHaveProperty('resourceVersion', expect.anything())
    expect(given.server.watches).toEqual([
      {
        namespace: 'n',
        labelSelector: 'x=y',
        resourceVersion: given.server.resourceVersion,
        timeoutSeconds: 600,
        allowWatchBookmarks: true,
      },
    ])
    expect(given.told).toEqual(['added a', 'added b', 'added c', 'added d', 'added e'])
  })

  test('it has synced when the last page is there, not before', async () => {
    await using given = await setup({ names: ['a', 'b', 'c'], pageSize: 2 }, server =>
      server.listFaults.push(undefined, broken),
    )
    expect([given.names(), given.reflector.hasSynced]).toEqual([['a', 'b'], false])
    const synced = vi.fn()
    void given.reflector.synced.then(synced)
    await given.clock.pass(800)
    expect([given.names(), given.reflector.hasSynced]).toEqual([['a', 'b', 'c'], true])
    expect(synced).toHaveBeenCalled()
  })

  test.each([0, 0.5, 0.999])('the watch is for five to ten minutes', async random => {
    await using given = await setup({ random: () => random })
    expect(given.server.watches[0].timeoutSeconds).toBe(Math.floor(300 * (1 + random)))
  })
})

describe('while it watches', () => {
  test('it tells what is added, updated and deleted', async () => {
    await using given = await setup({ names: ['a'] })
    given.server.put('b')
    given.server.put('a', 'new')
    given.server.remove('b')
    await settled()
    expect(given.told).toEqual(['added a', 'added b', 'updated a', 'deleted b'])
    expect(given.reflector.store.get('n', 'a')?.spec).toBe('new')
  })

  test('what is told is in the store already, with what was there before', async () => {
    await using given = await setup({ names: ['a'] })
    const seen: unknown[] = []
    given.reflector.on((change: Change<ModelObject>) => {
      const { type, object } = change
      const stored = given.reflector.store.get('n', object.metadata.name)
      seen.push([type, stored === object, 'old' in change && change.old.spec])
    })
    given.server.put('a', 'new')
    given.server.remove('a')
    await settled()
    expect(seen).toEqual([
      ['updated', true, ''],
      ['deleted', false, 'new'],
    ])
  })

  test('another object by the same name is told as deleted and added', async () => {
    await using given = await setup({ names: ['a'] })
    const old = given.reflector.store.get('n', 'a')!
    given.server.say({
      type: 'MODIFIED',
      object: { metadata: { ...old.metadata, uid: 'other', resourceVersion: 'rv-x' } },
    })
    await settled()
    expect(given.told).toEqual(['added a', 'deleted a', 'added a'])
    expect(given.reflector.store.get('n', 'a')?.metadata.uid).toBe('other')
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['fails later', async () => Promise.reject(new Error('no'))],
  ])('a listener that %s is told the next change, as are the others', async (_, fail) => {
    await using given = await setup()
    const tell = vi.fn<() => void>(fail)
    given.reflector.on(tell)
    given.server.put('a')
    given.server.put('b')
    await settled()
    expect(tell).toHaveBeenCalledTimes(2)
    expect(given.told).toEqual(['added a', 'added b'])
  })

  test('a listener that has left is told no more', async () => {
    await using given = await setup()
    const tell = vi.fn()
    given.reflector.on(tell)[Symbol.dispose]()
    given.server.put('a')
    await settled()
    expect(tell).not.toHaveBeenCalled()
  })

  test.each([
    ['an object without metadata', { type: 'ADDED', object: { spec: 'x' } }],
    ['an object without a name', { type: 'ADDED', object: { metadata: { resourceVersion: 'rv-9' } } }],
    ['a name that is no text', { type: 'MODIFIED', object: { metadata: { name: 7 } } }],
    ['a namespace that is no text', { type: 'DELETED', object: { metadata: { name: 'a', namespace: {} } } }],
    ['metadata that is none', { type: 'ADDED', object: { metadata: null } }],
    ['an event of unknown type', { type: 'RENAMED', object: { metadata: { name: 'a' } } }],
    ['a bookmark without metadata', { type: 'BOOKMARK', object: {} }],
  ])('%s is left out, and the next event is taken', async (_, event) => {
    await using given = await setup({ names: ['a'] })
    given.server.say(event)
    given.server.put('b')
    await settled()
    expect(given.told).toEqual(['added a', 'added b'])
    expect([given.server.lists.length, given.server.watches.length]).toEqual([1, 1])
  })

  test('an object that its reader can not bear changes nothing, and is there at the next list', async () => {
    const keep = (object: ModelObject) => {
      if (object.spec === 'poison') throw new TypeError('poison')
      return object
    }
    await using given = await setup({ names: ['a', 'b'], keep })
    given.server.put('a', 'poison')
    given.server.put('b', 'good')
    await settled()
    given.server.compact()
    given.server.endWatches(refused(410))
    await given.clock.pass(800)
    expect(given.server.lists).toHaveLength(2)
    expect(given.reflector.store.list().map(({ spec }) => spec)).toEqual(['', 'good'])
    given.server.remove('a')
    await settled()
    expect(given.names()).toEqual(['b'])
  })

  test('what is not kept is not in memory', async () => {
    const keep = ({ metadata }: ModelObject) => ({ metadata, spec: 'gone' })
    await using given = await setup({ names: ['a'], keep })
    const metadata = { name: 'b', namespace: 'n', managedFields: [{}] }
    given.server.say({ type: 'ADDED', object: { metadata, spec: 'long' } })
    await settled()
    expect(given.reflector.store.list().map(({ spec }) => spec)).toEqual(['gone', 'gone'])
    expect(given.reflector.store.get('n', 'b')?.metadata).not.toHaveProperty('managedFields')
  })
})

/** What happens unseen, and what it tells of it afterwards. */
const missed = (server: ModelServer) => {
  server.put('new')
  server.put('kept', 'changed')
  server.recreate('again')
  server.remove('gone')
}
const told = ['added new', 'updated kept', 'deleted again', 'added again', 'deleted gone']

describe('when the watch ends', () => {
  test('in its time, it goes on where it was, and lists nothing', async () => {
    await using given = await setup({ names: ['a'] })
    given.server.say({ type: 'BOOKMARK', object: { metadata: { resourceVersion: 'rv-7' } } })
    await given.clock.pass(300_000)
    given.server.endWatches()
    await settled()
    expect(given.server.watches.map(({ resourceVersion }) => resourceVersion)).toEqual(['rv-2', 'rv-7'])
    expect(given.server.lists).toHaveLength(1)
  })

  test.each<[string, Fault]>([
    ['because the connection broke', broken],
    ['because the server is not ready', initializing],
    ['because the server has troubles', refused(500)],
    ['because we are nobody', refused(401)],
    ['because we may not', refused(403)],
  ])('%s, it goes on where it was, and misses nothing', async (_, fault) => {
    await using given = await setup({ names: ['gone', 'kept', 'again'] })
    given.server.endWatches(fault)
    await settled()
    missed(given.server)
    await given.clock.pass(1500)
    expect(given.told.slice(3)).toEqual(told)
    expect(given.server.lists).toHaveLength(1)
  })

  test.each<[string, Fault]>([
    ['because it was too long ago, as an event', undefined],
    ['because it was too long ago, as an answer', refused(410, { reason: 'Expired' })],
    ['because the query is refused', refused(400)],
    ['because the kind was not there', refused(404)],
    ['by a defect of ours', new TypeError('defect')],
  ])('%s, it lists again, and tells what it missed', async (_, fault) => {
    await using given = await setup({ names: ['gone', 'kept', 'again'], pageSize: 2 })
    given.server.endWatches(broken)
    await settled()
    missed(given.server)
    given.server.compact()
    given.server.watchFaults.push(fault)
    await given.clock.pass(2000)
    expect(given.told.slice(3).sort()).toEqual([...told].sort())
    expect(new Set(given.names())).toEqual(new Set(given.server.truth.map(({ metadata }) => metadata.name)))
  })

  test('what did not change is not told again', async () => {
    await using given = await setup({ names: ['a', 'b'] })
    given.server.endWatches(refused(410))
    await given.clock.pass(800)
    expect(given.server.lists).toHaveLength(2)
    expect(given.told).toEqual(['added a', 'added b'])
  })

  test('again and again as soon as it began, it is not begun again at once', async () => {
    await using given = await setup({}, server => server.watchFaults.push(...Array<Fault>(100).fill('ends')))
    await given.clock.pass(60_000)
    // After 0.8, 1.6, 3.2 s, and then each 5 s.
    expect(given.server.watches.length).toBeLessThan(16)
    expect(given.server.lists).toHaveLength(1)
  })
})

describe('it never gives up', () => {
  test.each<[string, Fault]>([
    ['401', refused(401)],
    ['403', refused(403)],
    ['404', refused(404)],
    ['410', refused(410)],
    ['500', refused(500)],
    ['what is no error of ours', new RangeError('x')],
  ])('at %s for an hour, and comes back', async (_, fault) => {
    await using given = await setup({ names: ['a'] }, server =>
      server.listFaults.push(...Array<Fault>(130).fill(fault)),
    )
    await given.clock.pass(3_600_000)
    expect(given.reflector.hasSynced).toBe(false)
    expect(given.server.lists.length).toBeGreaterThan(100)
    given.server.listFaults.length = 0
    await given.clock.pass(30_000)
    expect(given.names()).toEqual(['a'])
  })

  test('however long there was no server, its store is right five seconds after there is', async () => {
    await using given = await setup({ names: ['a'] })
    given.server.watchFaults.push(...Array<Fault>(1000).fill(broken))
    given.server.endWatches(broken)
    await given.clock.pass(3_600_000)
    given.server.put('b')
    given.server.watchFaults.length = 0
    await given.clock.pass(5000)
    expect(given.names()).toEqual(['a', 'b'])
    expect(given.server.lists).toHaveLength(1)
  })

  test('where it may list but not watch, it lists now and then', async () => {
    await using given = await setup({ names: ['a'] }, server =>
      server.watchFaults.push(...Array<Fault>(1000).fill(refused(403))),
    )
    given.server.put('b')
    await given.clock.pass(600_000)
    expect(given.names()).toEqual(['a', 'b'])
    expect(given.server.lists.length).toBeLessThan(10)
  })

  test.each([
    ['told something', 0, true],
    ['lasted two minutes', 120_000, false],
  ])('and when a watch has %s, the next failure is a first one', async (_, lasting, tells) => {
    await using given = await setup({}, server =>
      server.watchFaults.push(...Array<Fault>(4).fill(refused(500))),
    )
    await given.clock.pass(12_000)
    expect(given.server.open.size).toBe(1)
    if (tells) given.server.put('a')
    await given.clock.pass(lasting)
    given.server.endWatches(refused(500))
    await settled()
    expect(given.clock.next).toBe(800)
  })

  test('it says the first failure aloud, and not every one', async () => {
    const lines: { level: number }[] = []
    const log = pino({ level: 'info' }, { write: line => lines.push(JSON.parse(line)) })
    await using given = await setup({ log }, server =>
      server.listFaults.push(...Array<Fault>(20).fill(refused(403))),
    )
    await given.clock.pass(200_000)
    expect(lines).toMatchObject([{ level: 40, resource: 'pods', err: { message: 'watch pods: 403' } }])
  })
})

describe('when a page of the list is too old', () => {
  test('it begins the list again, and what was on the first pages does not count', async () => {
    await using given = await setup({ names: ['a', 'b', 'c'], pageSize: 2 }, server => {
      server.listFaults.push(undefined, refused(410, { reason: 'Expired' }))
    })
    expect(given.server.lists.map(query => [query.limit, Boolean(query.continue)])).toEqual([
      [2, false],
      [2, true],
      [2, false],
      [2, true],
    ])
    expect(given.names()).toEqual(['a', 'b', 'c'])
  })

  test('twice, it takes the list in one piece', async () => {
    const tooOld = refused(410, { reason: 'Expired' })
    await using given = await setup({ names: ['a', 'b', 'c'], pageSize: 2 }, server => {
      server.listFaults.push(undefined, tooOld, undefined, tooOld)
    })
    expect(given.server.lists.at(-1)).toMatchObject({ limit: undefined })
    expect(given.names()).toEqual(['a', 'b', 'c'])
  })

  test('what was deleted between the two beginnings is gone', async () => {
    const given = await setup({ names: ['a', 'b', 'c'], pageSize: 1 }, server => {
      const list = server.list.bind(server)
      vi.spyOn(server, 'list').mockImplementation((...args) => {
        if (server.lists.length === 1) {
          server.remove('a')
          server.compact()
        }
        return list(...args)
      })
    })
    await using _ = given
    expect(given.names()).toEqual(['b', 'c'])
    expect(given.told).toEqual(['added a', 'added b', 'added c', 'deleted a'])
  })
})

describe('from the memory of the API server', () => {
  const tooNew = refused(504, { details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } })

  test('it lists any state first, and never an older one than it had', async () => {
    await using given = await setup({ names: ['a'], listsFromCache: true })
    given.server.endWatches(refused(410))
    await given.clock.pass(800)
    expect(given.server.lists.map(({ resourceVersion }) => resourceVersion)).toEqual(['0', 'rv-2'])
  })

  test.each([
    ['has lost what it had', tooNew],
    ['can not go back so far', refused(410)],
  ])('where that %s, it lists the newest', async (_, fault) => {
    await using given = await setup({ names: ['a'], listsFromCache: true })
    given.server.listFaults.push(fault)
    given.server.endWatches(refused(410))
    await given.clock.pass(5000)
    expect(given.server.lists.map(({ resourceVersion }) => resourceVersion)).toEqual(['0', 'rv-2', undefined])
    expect(given.server.open.size).toBe(1)
  })
})

describe('when it is stopped', () => {
  test.each<[string, (server: ModelServer) => void]>([
    ['while it watches', () => {}],
    ['while it waits', server => server.listFaults.push(...Array<Fault>(9).fill(refused(500)))],
  ])('%s, it ends at once and leaves nothing', async (_, before) => {
    const given = await setup({ names: ['a'] }, before)
    given.stop.abort(new Error('stop'))
    await given.running
    expect([given.server.open.size, given.clock.waiting]).toEqual([0, 0])
  })

  test('before it began, it asks for nothing', async () => {
    const server = new ModelServer()
    const reflector = new Reflector({ client: server, resource: PODS, log: silentLog })
    await reflector.run(AbortSignal.abort())
    expect(server.lists).toEqual([])
  })

  test('it goes on where it was when it runs again', async () => {
    const given = await setup({ names: ['a'] })
    given.stop.abort()
    await given.running
    given.server.put('b')
    const stop = new AbortController()
    const running = given.reflector.run(stop.signal)
    await settled()
    expect([given.names(), given.server.lists.length]).toEqual([['a', 'b'], 1])
    stop.abort()
    await running
  })
})
