import { describe, expect, test, vi } from 'vitest'
import type { FinishedRequest } from './calls.ts'
import { Client } from './client.ts'
import type { ClientOptions } from './client-options.ts'
import { FakeClock } from './clock.fake.ts'
import type { Credentials } from './credentials.ts'
import { ApiError, ConnectionFailed, UnreadableAnswer } from './errors.ts'
import { NODES } from './resource.ts'
import {
  type Act,
  begin,
  brokenOff,
  credentialsFor,
  FakeServer,
  json,
  refusal,
  reset,
  silence,
  silentLog,
  stream,
} from './server.fake.ts'

const NODE = { metadata: { name: 'b' } }
const ok = json(NODE)
const SOON = { 'retry-after': '0' }

interface Setup extends Partial<Omit<ClientOptions, 'log'>> {
  credentials?: Partial<Credentials>
}

async function setup(acts: Act | Act[], { credentials, ...options }: Setup = {}) {
  const stack = new AsyncDisposableStack()
  const server = stack.use(await FakeServer.start(acts))
  const identity = credentialsFor(server.url, credentials)
  const client = stack.use(new Client(identity, { userAgent: 'tracejob-test/1', log: silentLog, ...options }))
  const get = (signal?: AbortSignal) => client.get(NODES, { name: 'b' }, { signal })
  return { server, client, get, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** That many requests have come. */
const asked = (server: FakeServer, count: number) =>
  vi.waitFor(() => expect(server.asked).toHaveLength(count), { timeout: 60_000, interval: 5 })

describe('a request is tried again', () => {
  test.each([
    ['after 429 with Retry-After', [refusal(429, 'TooManyRequests', 'no', SOON), ok]],
    ['after 503 with Retry-After', [refusal(503, 'ServiceUnavailable', 'no', SOON), ok]],
    ['after 500', [refusal(500, 'InternalError'), ok]],
    ['after what can not be read', [stream('{"metad'), ok]],
    ['when the connection was closed under it', [reset, ok]],
    ['when the connection broke in the middle of the answer', [brokenOff('{"metad'), ok]],
  ])('%s', async (_, acts) => {
    await using given = await setup(acts)
    expect(await given.get()).toEqual(NODE)
    expect(given.server.asked).toHaveLength(2)
  })

  test('as long as it is told to wait', async () => {
    const clock = new FakeClock()
    await using given = await setup([refusal(429, 'TooManyRequests', 'no', { 'retry-after': '7' }), ok], {
      clock,
    })
    const got = given.get()
    await asked(given.server, 1)
    await vi.waitFor(() => expect(clock.next).toBe(7000))
    await clock.pass(6999)
    expect(given.server.asked).toHaveLength(1)
    await clock.pass(1)
    expect(await got).toEqual(NODE)
  })

  test('on new connections, when the server has gone and come back', async () => {
    await using given = await setup(ok)
    await Promise.all([given.get(), given.get(), given.get()])
    const { port } = given.server
    await given.server.stop()
    await given.server.listen(port)
    expect(await Promise.all([given.get(), given.get(), given.get()])).toEqual([NODE, NODE, NODE])
  })
})

describe('a request fails', () => {
  test.each([
    ['when it is refused', [refusal(403, 'Forbidden')], 1, ApiError],
    ['when the server goes on failing', [refusal(500, 'InternalError')], 5, ApiError],
    ['when the server can not be read at all', [json([])], 5, UnreadableAnswer],
    ['when the connection is closed again and again', [reset], 2, ConnectionFailed],
    [
      'when it has no time to wait as long as it is told',
      [refusal(429, 'TooManyRequests', 'no', { 'retry-after': '60' })],
      1,
      ApiError,
    ],
  ])('%s', async (_, acts, times, kind) => {
    await using given = await setup(acts)
    await expect(given.get()).rejects.toBeInstanceOf(kind)
    expect(given.server.asked).toHaveLength(times)
  })

  test('and a creation is not sent twice, since the first may have been acted upon', async () => {
    await using given = await setup(reset)
    const error = await given.client.create(NODES, NODE).catch(error => error)
    expect(error).toBeInstanceOf(ConnectionFailed)
    expect(error).toMatchObject({ neverSent: false, wasClosed: true })
    expect(given.server.asked).toHaveLength(1)
  })

  test('where there is no server', async () => {
    await using given = await setup(ok)
    await given.server.stop()
    const error = await given.get().catch(error => error)
    expect(error).toBeInstanceOf(ConnectionFailed)
    expect(error).toMatchObject({ neverSent: true, message: expect.stringContaining('ECONNREFUSED') })
  })

  test.each([
    ['never begins', silence],
    ['never ends', begin('{"metadata":')],
  ])('when its answer %s, after thirty seconds', async (_, act) => {
    const clock = new FakeClock()
    await using given = await setup(act, { clock })
    const got = expect(given.get()).rejects.toThrow('get nodes "b": no answer within 30 s')
    await asked(given.server, 1)
    await clock.pass(30_000)
    await got
    await vi.waitFor(() => expect(given.server.sockets.size).toBe(0))
    expect(clock.waiting).toBe(0)
  })

  test('when its answer is too long to be kept', async () => {
    await using given = await setup(json({ text: 'x'.repeat(1e6) }), { longestAnswerBytes: 1e5 })
    await expect(given.client.raw('GET', '/')).rejects.toThrow('the answer is longer than 100000 bytes')
  })
})

describe('a request ends', () => {
  const stop = new Error('stop')
  test.each([
    ['while it waits for an answer', silence],
    ['in the middle of an answer', begin('{')],
    ['while it waits to be tried again', refusal(429, 'TooManyRequests', 'no', { 'retry-after': '20' })],
  ])('%s, as soon as its caller wants', async (_, act) => {
    await using given = await setup(act)
    const controller = new AbortController()
    const got = expect(given.get(controller.signal)).rejects.toBe(stop)
    await asked(given.server, 1)
    controller.abort(stop)
    await got
  })

  test('before it began', async () => {
    await using given = await setup(ok)
    await expect(given.get(AbortSignal.abort(stop))).rejects.toBe(stop)
    expect(given.server.asked).toEqual([])
  })

  test('with the signal of the client, and when the client is closed', async () => {
    const controller = new AbortController()
    await using given = await setup(silence, { signal: controller.signal })
    const [first, second] = [given.get(), given.get()]
    await asked(given.server, 2)
    controller.abort(stop)
    await expect(Promise.all([first, second])).rejects.toBe(stop)
    await using other = await setup(silence)
    const got = expect(other.get()).rejects.toThrow('the client is closed')
    await asked(other.server, 1)
    await other.client[Symbol.asyncDispose]()
    await got
  })
})

describe('credentials', () => {
  /** Has a new token whenever the old one was refused. */
  function tokens() {
    const refused = vi.fn()
    return { refused, authorization: async () => `Bearer ${refused.mock.calls.length}` }
  }

  test('are had anew after a 401, once', async () => {
    const credentials = tokens()
    await using given = await setup([refusal(401, 'Unauthorized'), ok], { credentials })
    expect(await given.get()).toEqual(NODE)
    expect(given.server.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer 0', 'Bearer 1'])
  })

  test('are not what a burst of 401 is about for ever', async () => {
    const credentials = tokens()
    await using given = await setup(refusal(401, 'Unauthorized'), { credentials })
    await expect(given.get()).rejects.toMatchObject({ status: 401 })
    expect(given.server.asked).toHaveLength(2)
    given.server.acts = [ok]
    expect(await given.get()).toEqual(NODE)
  })

  test('that can not be had fail the one request', async () => {
    let file: string | undefined
    const authorization = async () => file ?? Promise.reject(new Error('ENOENT: token'))
    await using given = await setup(ok, { credentials: { authorization } })
    const error = await given.get().catch(error => error)
    expect(error).toMatchObject({
      name: 'ConnectionFailed',
      neverSent: true,
      message: 'get nodes "b": no credentials: ENOENT: token',
    })
    file = 'Bearer x'
    expect(await given.get()).toEqual(NODE)
  })

  test('that never come end with the time', async () => {
    const clock = new FakeClock()
    const authorization = () => new Promise<never>(() => {})
    await using given = await setup(ok, { clock, credentials: { authorization } })
    const got = expect(given.get()).rejects.toThrow('no answer within 30 s')
    await clock.pass(30_000)
    await got
  })
})

test('every try is told, with its status and how long it took', async () => {
  const told: FinishedRequest[] = []
  await using given = await setup([refusal(500, 'InternalError'), reset, ok], {
    onRequest: request => told.push(request),
  })
  await given.get()
  expect(told.map(({ verb, resource, status }) => [verb, resource, status])).toEqual([
    ['get', 'nodes', 500],
    ['get', 'nodes', 0],
    ['get', 'nodes', 200],
  ])
  expect(told.every(({ seconds }) => seconds >= 0 && seconds < 60)).toBe(true)
})

test('requests one after the other share a connection', async () => {
  await using given = await setup(ok)
  for (let i = 0; i < 20; i++) await given.get()
  // The first may not be free again in the very moment in which its answer has ended.
  expect(given.server.connections).toBeLessThanOrEqual(2)
})

describe('the time of the server', () => {
  const DATE = 'Thu, 01 Jan 2026 13:00:00 GMT'

  test('is by its answers, refusals too', async () => {
    const clock = new FakeClock(Date.UTC(2026, 0, 1, 12))
    await using given = await setup(refusal(404, 'NotFound', 'no', { date: DATE }), { clock })
    expect(given.client.serverNow()).toEqual(new Date(Date.UTC(2026, 0, 1, 12)))
    await given.get().catch(() => {})
    await clock.pass(60_000)
    expect(given.client.serverNow()).toEqual(new Date(Date.UTC(2026, 0, 1, 13, 1, 0, 500)))
  })

  test('is not by what a cache remembered', async () => {
    const clock = new FakeClock(Date.UTC(2026, 0, 1, 12))
    await using given = await setup(json(NODE, 200, { date: DATE, age: '5' }), { clock })
    await given.get()
    expect(given.client.serverNow()).toEqual(new Date(Date.UTC(2026, 0, 1, 12)))
  })
})
