import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { FakeClock, settled } from './clock.fake.ts'
import { ApiError, ConnectionFailed } from './errors.ts'
import type { KubeEvent, Occurrence } from './event.ts'
import type { EventClient } from './event-write.ts'
import { EventRecorder } from './recorder.ts'

const MINUTE = 60_000
const request = { verb: 'create', resource: 'events' }
const refusal = (status: number, reason?: string) => new ApiError(request, { status, reason })
const never = () => new Promise<never>(() => {})

/** The API server, as far as events go. */
class FakeEvents {
  readonly stored = new Map<string, KubeEvent>()
  readonly requests: string[] = []
  /** What happens instead; where it acts first, the answer is lost. */
  fault: ((act: () => void) => unknown) | undefined

  readonly client = {
    create: async (_: unknown, event: KubeEvent, options: { signal?: AbortSignal }) =>
      this.#ask('create', options, () => {
        const key = this.#key(event.metadata)
        if (this.stored.has(key)) throw refusal(409, 'AlreadyExists')
        this.stored.set(key, event)
      }),
    merge: async (
      _: unknown,
      place: KubeEvent['metadata'],
      patch: object,
      options: { signal?: AbortSignal },
    ) =>
      this.#ask('patch', options, () => {
        const event = this.stored.get(this.#key(place))
        if (!event) throw refusal(404, 'NotFound')
        this.stored.set(this.#key(place), { ...event, ...patch })
      }),
  } as unknown as EventClient

  /** Note and count of each. */
  get told(): [string, number][] {
    return [...this.stored.values()].map(({ note, series }) => [note, series?.count ?? 1])
  }

  #key({ namespace, name }: KubeEvent['metadata']): string {
    return `${namespace}/${name}`
  }

  async #ask(verb: string, { signal }: { signal?: AbortSignal }, act: () => void): Promise<void> {
    this.requests.push(verb)
    if (!this.fault) return act()
    const aborted = new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    await Promise.race([this.fault(act), aborted])
  }
}

const begin = () => {
  const clock = new FakeClock()
  const server = new FakeEvents()
  const reporter = { reportingController: 'tracejob.dev/operator', reportingInstance: 'operator-7d' }
  const recorder = new EventRecorder({
    client: server.client,
    ...reporter,
    log: pino({ level: 'silent' }),
    clock,
  })
  const say = (note: string, { name = 'who-opens', times = 1 } = {}) => {
    for (let i = 0; i < times; i++) recorder.record(anOccurrence(note, name))
  }
  return { clock, server, recorder, say }
}

const anOccurrence = (note: string, name: string): Occurrence => ({
  regarding: {
    apiVersion: 'tracejob.dev/v1alpha1',
    kind: 'TraceJob',
    metadata: { namespace: 'shop', name, uid: name },
  },
  type: 'Normal',
  reason: 'Started',
  action: 'Tracing',
  note,
})

describe('what happens', () => {
  test('is told at once', async () => {
    const { server, say } = begin()
    say('one')
    say('another')
    await settled()
    expect(server.told).toEqual([
      ['one', 1],
      ['another', 1],
    ])
  })

  test('again within six minutes is counted: twice at once, then every half minute', async () => {
    const { clock, server, say } = begin()
    say('one')
    await settled()
    say('one')
    await settled()
    expect(server.told).toEqual([['one', 2]])
    say('one', { times: 10 })
    await clock.pass(29_000)
    expect(server.told).toEqual([['one', 2]])
    await clock.pass(1000)
    expect(server.told).toEqual([['one', 12]])
    expect(server.requests).toEqual(['create', 'patch', 'patch'])
  })

  test('many times before it could be told once is one request', async () => {
    const { server, say } = begin()
    say('one', { times: 5 })
    await settled()
    expect([server.told, server.requests]).toEqual([[['one', 5]], ['create']])
  })

  test('again after more than six minutes is a new event', async () => {
    const { clock, server, say } = begin()
    say('one')
    await clock.pass(6 * MINUTE - 1)
    say('one')
    await clock.pass(6 * MINUTE)
    say('one')
    await settled()
    expect(server.told).toEqual([
      ['one', 2],
      ['one', 1],
    ])
  })

  test('while it is being told is not forgotten', async () => {
    const { clock, server, say } = begin()
    const answer = Promise.withResolvers<void>()
    server.fault = async act => {
      act()
      await answer.promise
    }
    say('one')
    await settled()
    say('one', { times: 2 })
    server.fault = undefined
    answer.resolve()
    await clock.pass(0)
    expect(server.told).toEqual([['one', 3]])
  })

  test('has the time of its last occurrence in the series', async () => {
    const { clock, server, say } = begin()
    say('one')
    await clock.pass(MINUTE)
    say('one')
    await settled()
    expect([...server.stored.values()]).toMatchObject([
      {
        eventTime: '2026-01-01T12:00:00.000000Z',
        series: { lastObservedTime: '2026-01-01T12:01:00.000000Z' },
      },
    ])
  })
})

describe('too much', () => {
  test('about one object is dropped, and counted', async () => {
    const { clock, server, recorder, say } = begin()
    for (let i = 0; i < 100; i++) say(`note ${i}`)
    say('of another object', { name: 'other' })
    await clock.pass(MINUTE)
    expect(server.stored.size).toBe(26)
    expect(recorder.dropped).toEqual({ RateLimited: 75, TooMany: 0, Failed: 0 })
    await clock.pass(5 * MINUTE)
    say('again')
    await settled()
    expect(server.told.at(-1)).toEqual(['again', 1])
  })

  test('while the API server does not answer is dropped, and what is known is kept', async () => {
    const { clock, server, recorder, say } = begin()
    server.fault = never
    for (let i = 0; i < 1200; i++) say('note', { name: `job-${i}` })
    say('note', { name: 'job-0' })
    expect(recorder.dropped.TooMany).toBe(200)
    server.fault = undefined
    await clock.pass(3 * MINUTE)
    expect(server.stored.size).toBe(1000)
    expect(server.told[0]).toEqual(['note', 2])
  })

  test('in the long run is no more than a thousand remembered', async () => {
    const { clock, server, recorder, say } = begin()
    for (let i = 0; i < 3000; i++) {
      say('note', { name: `job-${i}` })
      if (i % 500 === 0) await clock.pass(MINUTE)
    }
    await clock.pass(MINUTE)
    expect(server.stored.size).toBe(3000)
    expect(recorder.dropped.TooMany).toBe(0)
  })
})

describe('when the API server fails', () => {
  test.each([
    ['is down', () => Promise.reject(new ConnectionFailed(request, 'ECONNREFUSED', {}))],
    ['fails inside', () => Promise.reject(refusal(500))],
    ['has too much to do', () => Promise.reject(refusal(429))],
    ['does not know us for a while', () => Promise.reject(refusal(401))],
    ['never answers', never],
  ])('%s, it is tried again', async (_, fault) => {
    const { clock, server, recorder, say } = begin()
    server.fault = fault
    say('one')
    await clock.pass(MINUTE)
    server.fault = undefined
    await clock.pass(2 * MINUTE)
    expect([server.told, recorder.dropped.Failed]).toEqual([[['one', 1]], 0])
  })

  test('an event is written once although the answer was lost', async () => {
    const { clock, server, say } = begin()
    server.fault = act => {
      act()
      throw new ConnectionFailed(request, 'ECONNRESET', {})
    }
    say('one')
    await settled()
    server.fault = undefined
    say('one')
    await clock.pass(MINUTE)
    expect(server.told).toEqual([['one', 2]])
  })

  test.each([
    ['refuses an event', () => Promise.reject(refusal(422))],
    ['forbids it', () => Promise.reject(refusal(403))],
  ])('and %s, it is dropped at once and counted', async (_, fault) => {
    const { server, recorder, say } = begin()
    server.fault = fault
    say('one', { times: 3 })
    await settled()
    expect([recorder.dropped.Failed, server.requests.length]).toEqual([3, 1])
  })

  test('for very long, it is given up and counted, and the next is a new event', async () => {
    const { clock, server, recorder, say } = begin()
    server.fault = () => Promise.reject(refusal(503))
    say('one', { times: 4 })
    await clock.pass(10 * MINUTE)
    expect([recorder.dropped.Failed, server.requests.length, clock.waiting]).toEqual([4, 12, 0])
    server.fault = undefined
    say('one')
    await settled()
    expect(server.told).toEqual([['one', 1]])
  })

  test('one event that can’t be written holds up no other', async () => {
    const { clock, server, say } = begin()
    server.fault = act => {
      if (server.requests.length === 1) throw refusal(500)
      act()
    }
    say('poison')
    say('fine')
    await settled()
    expect(server.told).toEqual([['fine', 1]])
    await clock.pass(MINUTE)
    expect(server.told.length).toBe(2)
  })

  test('and has forgotten an event, its series is written anew', async () => {
    const { server, say } = begin()
    say('one')
    await settled()
    server.stored.clear()
    say('one')
    await settled()
    expect(server.told).toEqual([['one', 2]])
  })
})

describe('at the end', () => {
  test('flush tells at once what is owed', async () => {
    const { server, recorder, say } = begin()
    say('one')
    await settled()
    say('one')
    await settled()
    say('one', { times: 7 })
    say('last')
    await recorder.flush()
    expect(server.told).toEqual([
      ['one', 9],
      ['last', 1],
    ])
    await recorder[Symbol.asyncDispose]()
  })

  test('flush goes on after a refusal, and ends when there is no API server', async () => {
    const { server, recorder, say } = begin()
    server.fault = () => Promise.reject(refusal(500))
    say('one')
    say('two')
    await settled()
    server.requests.length = 0
    await recorder.flush()
    expect(server.requests.length).toBe(2)
    server.fault = () => Promise.reject(new ConnectionFailed(request, 'ECONNREFUSED', {}))
    await recorder.flush()
    expect(server.requests.length).toBe(3)
  })

  test('flush ends with its signal', async () => {
    const { server, recorder, say } = begin()
    server.fault = never
    say('one')
    const stop = new AbortController()
    const flushed = recorder.flush(stop.signal)
    stop.abort(new Error('no time'))
    await flushed
  })

  test('nothing is left running, and nothing more is told', async () => {
    const { clock, server, recorder, say } = begin()
    server.fault = never
    say('one')
    await settled()
    await recorder[Symbol.asyncDispose]()
    expect(clock.waiting).toBe(0)
    server.fault = undefined
    say('two')
    await clock.pass(MINUTE)
    expect(server.told).toEqual([])
  })
})

test('what can’t be made an event is no reason to fail', () => {
  const { recorder } = begin()
  expect(() => recorder.record({} as never)).not.toThrow()
  expect(() => recorder.record({ regarding: { metadata: {} } } as never)).not.toThrow()
})
