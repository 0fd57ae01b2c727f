/** The operator's own small HTTP server: a few fixed paths, read only, for kubelet and Prometheus. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Answer {
  status: number
  contentType?: string
  body: string
}

/** By path. */
export type Routes = Record<string, () => Answer | Promise<Answer>>

export interface Server extends AsyncDisposable {
  /** The one asked for, or where that was 0 the one the kernel chose. */
  readonly port: number
}

const NOT_FOUND: Answer = { status: 404, body: 'not found\n' }
const NOT_ALLOWED: Answer = { status: 405, body: 'only GET and HEAD\n' }

/**
 * Serves `routes` on every address of this machine.
 * @throws what listen(2) says, such as EADDRINUSE
 */
export async function serve(routes: Routes, port: number): Promise<Server> {
  const server = createServer((request, response) => void respond(routes, request, response))
  // Nobody who asks needs long; whoever is slow is not to hold a socket.
  server.requestTimeout = 5000
  server.headersTimeout = 5000
  server.keepAliveTimeout = 10_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function respond(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, contentType = 'text/plain; charset=utf-8', body } = await answerTo(routes, request)
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

async function answerTo(routes: Routes, request: IncomingMessage): Promise<Answer> {
  const path = request.url?.split('?', 1)[0] ?? ''
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (!route) return NOT_FOUND
  if (request.method !== 'GET' && request.method !== 'HEAD') return NOT_ALLOWED
  try {
    return await route()
  } catch (error) {
    return { status: 500, body: `${error instanceof Error ? error.message : String(error)}\n` }
  }
}
