import { describe, expect, test, vi } from 'vitest'
import { Client } from './client.ts'
import type { ClientOptions } from './client-options.ts'
import { FakeClock } from './clock.fake.ts'
import { ApiError, ConnectionFailed, isGone } from './errors.ts'
import { PODS } from './resource.ts'
import {
  type Act,
  begin,
  brokenOff,
  credentialsFor,
  event,
  FakeServer,
  refusal,
  reset,
  silence,
  silentLog,
  stream,
} from './server.fake.ts'

const A = event('ADDED', { metadata: { name: 'a', resourceVersion: '1' } })
const B = event('ADDED', { metadata: { name: 'b', resourceVersion: '2' } })

async function setup(acts: Act | Act[], options: Partial<ClientOptions> = {}) {
  const stack = new AsyncDisposableStack()
  const server = stack.use(await FakeServer.start(acts))
  const credentials = credentialsFor(server.url)
  const client = stack.use(
    new Client(credentials, { userAgent: 'tracejob-test/1', log: silentLog, ...options }),
  )
  const stop = new AbortController()
  const query = { namespace: 'n', resourceVersion: '7', timeoutSeconds: 300, allowWatchBookmarks: true }
  const watch = () => client.watch<{ metadata: { name: string } }>(PODS, query, stop.signal)
  return { server, client, stop, watch, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** The names that are told before the watch ends, and how it ends. */
async function told(watch: ReturnType<Awaited<ReturnType<typeof setup>>['watch']>) {
  const names: unknown[] = []
  try {
    for await (const { object } of watch) names.push((object as { metadata: { name: string } }).metadata.name)
    return { names }
  } catch (error) {
    return { names, error }
  }
}

const nothingOpen = (server: FakeServer) =>
  vi.waitFor(() => expect(server.sockets.size).toBe(0), { timeout: 60_000, interval: 5 })

describe('a watch', () => {
  test('asks for what changes from a resourceVersion on', async () => {
    await using given = await setup(stream(A, B))
    expect(await told(given.watch())).toEqual({ names: ['a', 'b'] })
    expect(given.server.asked[0].url).toBe(
      '/api/v1/namespaces/n/pods?resourceVersion=7&timeoutSeconds=300&allowWatchBookmarks=true&watch=true',
    )
  })

  test('tells what came before its connection broke', async () => {
    await using given = await setup(brokenOff(A, B))
    const { names, error } = await told(given.watch())
    expect(names).toEqual(['a', 'b'])
    expect(error).toBeInstanceOf(ConnectionFailed)
  })

  test.each([
    ['refused', refusal(410, 'Expired'), isGone],
    ['forbidden', refusal(403, 'Forbidden'), (error: unknown) => error instanceof ApiError],
    ['at a server that resets it', reset, (error: unknown) => error instanceof ConnectionFailed],
  ])('that is %s fails', async (_, act, is) => {
    await using given = await setup(act)
    const { names, error } = await told(given.watch())
    expect(names).toEqual([])
    expect(error).toSatisfy(is)
  })

  test('is begun again by itself where the server is about to be ready', async () => {
    const soon = refusal(429, 'TooManyRequests', 'storage is (re)initializing', { 'retry-after': '0' })
    await using given = await setup([soon, refusal(401, 'Unauthorized'), stream(A)])
    expect(await told(given.watch())).toEqual({ names: ['a'] })
  })

  test('that falls silent ends, as if in its time, and leaves no connection', async () => {
    await using given = await setup(begin(A), { watchSilenceSeconds: 0.2 })
    expect(await told(given.watch())).toEqual({ names: ['a'] })
    await nothingOpen(given.server)
  })

  test('that does not even begin fails in bounded time, and leaves no connection', async () => {
    await using given = await setup(silence, { requestTimeoutSeconds: 0.2 })
    const { error } = await told(given.watch())
    expect(error).toBeInstanceOf(ConnectionFailed)
    expect(error).toMatchObject({ message: 'watch pods in "n": no answer within 0.2 s' })
    await nothingOpen(given.server)
  })

  test('may last longer than a request', async () => {
    let more = () => {}
    const act: Act = response => {
      begin(A)(response, {} as never)
      more = () => void response.end(B)
    }
    const clock = new FakeClock()
    await using given = await setup(act, { clock })
    const events = given.watch()
    await events.next()
    await clock.pass(600_000)
    more()
    expect(await told(events)).toEqual({ names: ['b'] })
  })

  test('that is stopped ends at once, and leaves no connection', async () => {
    await using given = await setup(begin(A))
    const events = given.watch()
    await events.next()
    const next = events.next()
    const stopped = expect(next).rejects.toBe('stop')
    given.stop.abort('stop')
    await stopped
    await nothingOpen(given.server)
  })

  test('whose loop is left leaves no connection', async () => {
    await using given = await setup(begin(A, B))
    for await (const { type } of given.watch()) if (type === 'ADDED') break
    await nothingOpen(given.server)
  })

  test('ends with its client', async () => {
    await using given = await setup(begin(A))
    const events = given.watch()
    await events.next()
    const ended = expect(events.next()).rejects.toThrow('the client is closed')
    await given.client[Symbol.asyncDispose]()
    await ended
    await nothingOpen(given.server)
  })
})

test('a burst of events comes whole', async () => {
  const many = Array.from({ length: 20_000 }, (_, i) => event('ADDED', { metadata: { name: `pod-${i}-é` } }))
  await using given = await setup(stream(many.join('')))
  const { names } = await told(given.watch())
  expect(names).toHaveLength(20_000)
  expect(names.at(-1)).toBe('pod-19999-é')
})
