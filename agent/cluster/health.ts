/** What kubelet asks the agent, and all that can be asked. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

const SLOWEST_MS = 5000
const MOST_CONNECTIONS = 16
const LONGEST_HEADER_BYTES = 4096

export interface HealthServer extends AsyncDisposable {
  /** The one asked for, or where that was 0 the one the kernel chose. */
  readonly port: number
}

/**
 * `/healthz`: this process answers, so its loop turns. It asks nothing of the API server, without which a trace goes on.
 * `/readyz`: the probes are attached, or the trace has ended in order. So the DaemonSet's `numberReady` says on how many nodes the
 * trace has begun and not failed.
 * @throws what listen(2) says, such as EADDRINUSE
 */
export async function serveHealth(port: number, isReady: () => boolean): Promise<HealthServer> {
  const server = createServer({ maxHeaderSize: LONGEST_HEADER_BYTES }, answering(isReady))
  server.requestTimeout = SLOWEST_MS
  server.headersTimeout = SLOWEST_MS
  server.keepAliveTimeout = SLOWEST_MS
  server.maxConnections = MOST_CONNECTIONS
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(port, resolve)
  await promise
  server.off('error', reject)
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise(done => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}

function answering(isReady: () => boolean): RequestListener {
  return ({ method, url }, response) => {
    const say = (status: number, word: string) => {
      response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' })
      response.end(method === 'HEAD' ? undefined : `${word}\n`)
    }
    if (url !== '/healthz' && url !== '/readyz') say(404, 'not found')
    else if (method !== 'GET' && method !== 'HEAD') say(405, 'only GET and HEAD')
    else if (url === '/healthz' || isReady()) say(200, 'ok')
    else say(503, 'not tracing')
  }
}
