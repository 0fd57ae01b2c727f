import { expect, test } from 'vitest'
import { healthRoutes } from './health.ts'
import { serve } from './serve.ts'

async function ask(routes: Parameters<typeof serve>[0], path: string, method = 'GET') {
  await using server = await serve(routes, 0)
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method })
  return { status: response.status, body: await response.text() }
}

const starting = healthRoutes({ unsynced: () => ['tracejobs', 'pods'] })
const started = healthRoutes({ unsynced: () => [] })

test('is alive as soon as it answers, whether or not an API server does', async () => {
  expect(await ask(starting, '/healthz')).toEqual({ status: 200, body: 'ok\n' })
})

test('is not ready before its caches are filled, and says which are not', async () => {
  expect(await ask(starting, '/readyz')).toEqual({
    status: 503,
    body: 'not filled yet: the cache of tracejobs, pods\n',
  })
})

test('is ready when they are', async () => {
  expect(await ask(started, '/readyz')).toEqual({ status: 200, body: 'ok\n' })
})

test('a query is no part of the path', async () => {
  expect((await ask(started, '/readyz?verbose')).status).toBe(200)
})

test.each([
  ['another path', '/', 'GET', 404],
  ['a name that every object has', '/__proto__', 'GET', 404],
  ['a write', '/healthz', 'POST', 405],
])('%s is refused', async (_, path, method, status) => {
  expect((await ask(started, path, method)).status).toBe(status)
})

test('HEAD is answered without a body', async () => {
  expect(await ask(started, '/healthz', 'HEAD')).toEqual({ status: 200, body: '' })
})

test('a route that throws is an answer, not the end', async () => {
  const routes = {
    '/boom': () => {
      throw new Error('no')
    },
  }
  expect(await ask(routes, '/boom')).toEqual({ status: 500, body: 'no\n' })
})

test('a port that is taken is an error of who asked for it', async () => {
  await using server = await serve({}, 0)
  await expect(serve({}, server.port)).rejects.toThrow('EADDRINUSE')
})
