import { connect } from 'node:net'
import { beforeAll, expect, test } from 'vitest'
import { serveHealth } from './health.ts'

let isReady = false
let port: number
beforeAll(async () => {
  const server = await serveHealth(0, () => isReady)
  port = server.port
  return () => server[Symbol.asyncDispose]()
})

const asked = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method })

test('it is alive, and ready when it is', async () => {
  expect((await asked('/healthz')).status).toBe(200)
  expect((await asked('/readyz')).status).toBe(503)
  isReady = true
  expect((await asked('/readyz')).status).toBe(200)
  expect((await asked('/readyz', 'HEAD')).status).toBe(200)
})

test.each([
  ['GET', '/', 404],
  ['GET', '/healthz/../etc/passwd', 404],
  ['GET', '/healthz?x', 404],
  ['POST', '/healthz', 405],
  ['DELETE', '/readyz', 405],
])('%s %s does nothing: %i', async (method, path, status) => {
  const response = await asked(path.replace('..', '%2e%2e'), method)
  expect(response.status).toBe(status)
})

test('what is no request of HTTP does it no harm', async () => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`GET /${'x'.repeat(100_000)}\0\r\n`)
  await new Promise(resolve => socket.once('close', resolve).resume())
  expect((await asked('/healthz')).status).toBe(200)
})

test('a port that is taken is told', async () => {
  await expect(serveHealth(port, () => true)).rejects.toThrow('EADDRINUSE')
})
