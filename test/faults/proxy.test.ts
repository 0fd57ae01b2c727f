import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, type Dispatcher, request } from 'undici'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  EXPIRED,
  EXPIRED_EVENT,
  type Fault,
  INTERNAL_ERROR,
  STORAGE_INITIALIZING,
  tooManyRequests,
  UNAUTHORIZED,
  UNAVAILABLE,
} from './fault.ts'
import { type FaultProxy, startFaultProxy } from './proxy.ts'

const POD = '/api/v1/namespaces/shop/pods/web'
const PODS = '/api/v1/namespaces/shop/pods'
const WATCH = `${PODS}?watch=true`
const ANSWER = JSON.stringify({ kind: 'Pod', metadata: { name: 'web' } })

/** What the API server saw, and what a watch of it tells. */
let asked: string[] = []
let watches: ServerResponse[] = []
let api: Server
let proxy: FaultProxy
let agent: Agent

beforeAll(async () => {
  api = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await Array.fromAsync(request as AsyncIterable<Buffer>)).join('')
    asked.push(`${request.method} ${request.url} ${body}`.trim())
    if (!request.url!.includes('watch')) return response.end(ANSWER)
    watches.push(response)
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
  }).listen(0, '127.0.0.1')
  await once(api, 'listening')
  proxy = await startFaultProxy({ server: `http://127.0.0.1:${(api.address() as AddressInfo).port}` })
  agent = new Agent({ allowH2: false, connect: { ca: proxy.ca } })
})

beforeEach(() => {
  asked = []
  watches = []
  proxy.clear()
  proxy.requests.length = 0
})

afterAll(async () => {
  await agent.destroy()
  await proxy[Symbol.asyncDispose]()
  api.closeAllConnections()
  api.close()
})

type Options = Partial<Dispatcher.RequestOptions> & { dispatcher?: Dispatcher }

const ask = (path = POD, { method = 'GET', ...options }: Options = {}) =>
  request(proxy.server + path, { dispatcher: agent, method, ...options })

/** What comes, and how it ends. */
async function read({ body }: Dispatcher.ResponseData): Promise<{ text: string; error?: string }> {
  let text = ''
  try {
    for await (const chunk of body) text += chunk
    return { text }
  } catch (error) {
    return { text, error: (error as { code: string }).code }
  }
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    error => error.code ?? error.name,
  )

test('without a fault all goes through', async () => {
  const body = '{"spec":{}}'
  const answer = await ask(POD, {
    method: 'PUT',
    body,
    headers: { authorization: 'Bearer t', 'user-agent': 'us' },
  })
  expect([answer.statusCode, await answer.body.text()]).toEqual([200, ANSWER])
  expect(asked).toEqual([`PUT ${POD} ${body}`])
  expect(proxy.requests).toMatchObject([
    { verb: 'update', resource: 'pods', namespace: 'shop', name: 'web', body, status: 200, userAgent: 'us' },
  ])
})

test('a watch goes through as it comes, and ends when either side ends it', async () => {
  const answer = await ask(WATCH)
  const chunks = answer.body[Symbol.asyncIterator]()
  watches[0]!.write('one\n')
  expect(String((await chunks.next()).value)).toBe('one\n')
  watches[0]!.write('two\n')
  expect(String((await chunks.next()).value)).toBe('two\n')
  watches[0]!.end()
  expect((await chunks.next()).done).toBe(true)

  const abort = new AbortController()
  const other = await ask(WATCH, { signal: abort.signal })
  const closed = once(watches[1]!, 'close')
  abort.abort()
  await closed
  expect(await read(other)).toMatchObject({ text: '' })
})

describe('a refusal', () => {
  test.each<[string, Fault, number, string | undefined]>([
    ['too many requests', tooManyRequests(3), 429, '3'],
    ['an internal error', INTERNAL_ERROR, 500, undefined],
    ['unavailable', UNAVAILABLE, 503, undefined],
    ['unauthorized', UNAUTHORIZED, 401, undefined],
    ['expired', EXPIRED, 410, undefined],
    ['storage that is initializing', STORAGE_INITIALIZING, 429, '1'],
  ])('of %s is as the API server words it, which is not asked', async (_, fault, status, retryAfter) => {
    proxy.inject(fault)
    const { statusCode, headers, body } = await ask()
    expect([statusCode, headers['retry-after']]).toEqual([status, retryAfter])
    expect(await body.json()).toMatchObject({ kind: 'Status', status: 'Failure', code: status })
    expect(asked).toEqual([])
  })

  test('befalls so many requests that fit', async () => {
    const rule = proxy.inject(UNAVAILABLE, { verb: 'get' }, 2)
    const statuses = []
    for (const path of [PODS, POD, POD, POD]) {
      const { statusCode, body } = await ask(path)
      await body.dump()
      statuses.push(statusCode)
    }
    expect([statuses, rule.hits]).toEqual([[200, 503, 503, 200], 2])
    expect(proxy.requests.map(({ fault, status }) => fault ?? status)).toEqual([200, 'refuse', 'refuse', 200])
  })

  test('ends when its rule is disposed of', async () => {
    {
      using _ = proxy.inject(UNAVAILABLE)
      const { statusCode, body } = await ask()
      await body.dump()
      expect(statusCode).toBe(503)
    }
    const { statusCode, body } = await ask()
    await body.dump()
    expect(statusCode).toBe(200)
  })
})

describe('a connection', () => {
  test('that is reset before the API server is asked', async () => {
    proxy.inject({ does: 'reset' })
    expect(await failure(ask())).toMatch(/ECONNRESET|UND_ERR_SOCKET/)
    expect(asked).toEqual([])
  })

  test('that is reset when the API server has acted', async () => {
    proxy.inject({ does: 'loseAnswer' }, { verb: 'delete' })
    expect(await failure(ask(POD, { method: 'DELETE' }))).toMatch(/ECONNRESET|UND_ERR_SOCKET/)
    expect(asked).toEqual([`DELETE ${POD}`])
    expect(proxy.writes()).toMatchObject([{ verb: 'delete', fault: 'loseAnswer', status: 200 }])
  })

  test('that swallows what is asked', async () => {
    proxy.inject({ does: 'swallow' })
    const abort = new AbortController()
    const answer = failure(ask(POD, { signal: abort.signal }))
    await expect.poll(() => proxy.requests.length).toBe(1)
    abort.abort()
    expect(await answer).toBe(20)
    expect(asked).toEqual([])
  })

  test('on which a request is held up, and arrives although nobody waits for it any more', async () => {
    const held = Promise.withResolvers<void>()
    proxy.inject({ does: 'hold', until: held.promise })
    const abort = new AbortController()
    const answer = failure(ask(POD, { method: 'DELETE', signal: abort.signal }))
    await expect.poll(() => proxy.requests.length).toBe(1)
    abort.abort()
    expect(await answer).toBe(20)
    expect(asked).toEqual([])
    held.resolve()
    await expect.poll(() => proxy.requests[0]!.status).toBe(200)
    expect(asked).toEqual([`DELETE ${POD}`])
  })

  test('that breaks off in the middle of a watch', async () => {
    proxy.inject({ does: 'breakOff', afterBytes: 5 }, { verb: 'watch' })
    const answer = await ask(WATCH)
    watches[0]!.write('one\ntwo\n')
    const { text, error } = await read(answer)
    expect(['one\nt'.startsWith(text), error]).toEqual([
      true,
      expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/),
    ])
  })

  test('all of which are dropped at once', async () => {
    const answers = await Promise.all([ask(WATCH), ask(WATCH)])
    proxy.dropConnections()
    for (const answer of answers) expect((await read(answer)).error).toMatch(/ECONNRESET|UND_ERR_SOCKET/)
    const { statusCode, body } = await ask()
    await body.dump()
    expect(statusCode).toBe(200)
  })
})

describe('an answer', () => {
  test('that is cut as if it ended there', async () => {
    proxy.inject({ does: 'truncate', afterBytes: 10 })
    expect(await read(await ask())).toEqual({ text: ANSWER.slice(0, 10) })
  })

  test('that comes by single bytes comes whole', async () => {
    proxy.inject({ does: 'trickle', bytes: 1, everyMs: 0 })
    expect(await read(await ask())).toEqual({ text: ANSWER })
  })

  test('that stalls says nothing more, however much there is', async () => {
    proxy.inject({ does: 'stall', afterBytes: 4 }, { verb: 'watch' })
    const abort = new AbortController()
    const answer = await ask(WATCH, { signal: abort.signal })
    watches[0]!.write('one\ntwo\n')
    const chunks = answer.body[Symbol.asyncIterator]()
    expect(String((await chunks.next()).value)).toBe('one\n')
    const next = chunks.next().then(
      () => 'more',
      () => 'aborted',
    )
    await once(watches[0]!, 'close') // nobody reads the rest
    abort.abort()
    expect(await next).toBe('aborted')
  })

  test('of a watch that begins well and has expired', async () => {
    proxy.inject(EXPIRED_EVENT, { verb: 'watch' })
    const answer = await ask(WATCH)
    expect(answer.statusCode).toBe(200)
    expect(JSON.parse((await read(answer)).text)).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    })
  })
})

test('cut off, nothing comes through; then all that was on its way arrives', async () => {
  const watch = await ask(WATCH)
  const event = watch.body[Symbol.asyncIterator]().next()
  await using stack = new AsyncDisposableStack()
  const single = new Agent({ allowH2: false, connections: 1, connect: { ca: proxy.ca } })
  const one = stack.adopt(single, each => each.destroy())
  await (await ask(POD, { dispatcher: one })).body.text()
  asked = []
  const abort = new AbortController()
  const answered: string[] = []
  const say = (what: string) => () => answered.push(what)
  const cut = proxy.cut()
  watches[0]!.write('one\n')
  void event.then(say('event'))
  const byNewConnection = ask().then(({ body }) => body.text())
  void byNewConnection.then(say('new'))
  const givenUp = failure(ask(POD, { method: 'DELETE', dispatcher: one, signal: abort.signal }))
  await expect.poll(() => proxy.writes().length).toBe(1)
  abort.abort()
  expect([await givenUp, asked, answered]).toEqual([20, [], []])
  cut[Symbol.dispose]()
  expect(String((await event).value)).toBe('one\n')
  expect(await byNewConnection).toBe(ANSWER)
  await expect.poll(() => asked.toSorted()).toEqual([`DELETE ${POD}`, `GET ${POD}`])
  watches[0]!.destroy()
})
