import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { Authority } from './certificates.fake.ts'
import { Client } from './client.ts'
import type { Credentials } from './credentials.ts'
import { NODES } from './resource.ts'
import { type Act, credentialsFor, FakeServer, json, silentLog } from './server.fake.ts'

const authority = new Authority()
const other = new Authority()
afterAll(() => {
  authority[Symbol.dispose]()
  other[Symbol.dispose]()
})
const ca = authority.certificate.cert
const byAddress = authority.server('IP:127.0.0.1')
const byName = authority.server('DNS:kubernetes')

const ok = json({ metadata: { name: 'b' } })
const open = (credentials: Credentials) =>
  new Client(credentials, { userAgent: 'tracejob-test/1', log: silentLog })

async function getBy(credentials: Credentials): Promise<unknown> {
  await using client = open(credentials)
  return await client.get(NODES, { name: 'b' })
}

describe('the server', () => {
  test.each([
    ['with a certificate by our authority', byAddress, { ca }, true],
    ['with a certificate by another', byAddress, { ca: other.certificate.cert }, false],
    ['with a certificate for another name', byName, { ca }, false],
    ['with a certificate for the name we expect', byName, { ca, servername: 'kubernetes' }, true],
    ['whoever it is, if we do not mind', byName, { rejectUnauthorized: false }, true],
  ])('%s', async (_, certificate, tls, isBelieved) => {
    await using server = await FakeServer.start(ok, certificate)
    const refused = vi.fn()
    const got = getBy(credentialsFor(server.url, { tls, refused }))
    if (isBelieved) await expect(got).resolves.toBeTruthy()
    else await expect(got).rejects.toMatchObject({ name: 'ConnectionFailed', neverSent: true })
    // A certificate of an authority may have been replaced: its file is worth another look.
    expect(refused.mock.calls.length > 0).toBe(!isBelieved)
  })

  test('is told who we are by a certificate', async () => {
    const whoami: Act = (response, asked) => {
      const { CN } = (response.socket as TLSSocket).getPeerCertificate().subject
      json({ metadata: { name: CN } })(response, asked)
    }
    const tls = { ...byAddress, ca, requestCert: true, rejectUnauthorized: true }
    await using server = await FakeServer.start(whoami, tls)
    const jane = credentialsFor(server.url, { tls: { ca, ...authority.client('jane') } })
    expect(await getBy(jane)).toEqual({ metadata: { name: 'jane' } })
    await expect(getBy(credentialsFor(server.url, { tls: { ca } }))).rejects.toMatchObject({
      name: 'ConnectionFailed',
    })
  })

  test('may get another certificate: new connections trust the new authority', async () => {
    let tls = { ca: other.certificate.cert }
    await using server = await FakeServer.start(ok, byAddress)
    const credentials: Credentials = {
      ...credentialsFor(server.url),
      get tls() {
        return tls
      },
      refused() {
        tls = { ca }
      },
    }
    await using client = open(credentials)
    await expect(client.get(NODES, { name: 'b' })).rejects.toMatchObject({ name: 'ConnectionFailed' })
    expect(await client.get(NODES, { name: 'b' })).toBeTruthy()
  })

  test('is never asked for HTTP/2', async () => {
    const protocol: Act = (response, asked) =>
      json({ metadata: { name: String((response.socket as TLSSocket).alpnProtocol) } })(response, asked)
    await using server = await FakeServer.start(protocol, { ...byAddress, ALPNProtocols: ['h2', 'http/1.1'] })
    const got = await getBy(credentialsFor(server.url, { tls: { ca } }))
    expect(got).toEqual({ metadata: { name: 'http/1.1' } })
  })
})

describe('a proxy', () => {
  /** Lets everybody through, and remembers where to. */
  async function startProxy() {
    const tunnels: string[] = []
    const proxy = createServer((request, response) => {
      tunnels.push(request.url!)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"metadata":{"name":"forwarded"}}')
    })
    proxy.on('connect', (request, socket) => {
      tunnels.push(request.url!)
      const [host, port] = request.url!.split(':')
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        onward.pipe(socket).pipe(onward)
      })
      for (const end of [socket, onward]) end.on('error', () => socket.destroy())
    })
    await once(proxy.listen(0, '127.0.0.1'), 'listening')
    const close = async () => {
      proxy.closeAllConnections()
      await once(proxy.close(), 'close')
    }
    return {
      url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      tunnels,
      [Symbol.asyncDispose]: close,
    }
  }

  test('is gone through, and sees nothing but where to', async () => {
    await using server = await FakeServer.start(ok, byAddress)
    await using proxy = await startProxy()
    const credentials = credentialsFor(server.url, { tls: { ca }, proxy: proxy.url })
    expect(await getBy(credentials)).toEqual({ metadata: { name: 'b' } })
    expect(proxy.tunnels).toEqual([`127.0.0.1:${server.port}`])
  })

  test('does not make another server believed', async () => {
    await using server = await FakeServer.start(ok, byAddress)
    await using proxy = await startProxy()
    const credentials = credentialsFor(server.url, { tls: { ca: other.certificate.cert }, proxy: proxy.url })
    await expect(getBy(credentials)).rejects.toMatchObject({ name: 'ConnectionFailed', neverSent: true })
  })

  test('that is not there is a connection that failed', async () => {
    await using server = await FakeServer.start(ok, byAddress)
    const credentials = credentialsFor(server.url, { tls: { ca }, proxy: 'http://127.0.0.1:1' })
    await expect(getBy(credentials)).rejects.toMatchObject({ name: 'ConnectionFailed' })
  })

  test('is gone through without TLS too', async () => {
    await using server = await FakeServer.start(ok)
    await using proxy = await startProxy()
    const got = await getBy(credentialsFor(server.url, { proxy: proxy.url }))
    expect(got).toEqual({ metadata: { name: 'forwarded' } })
    expect(proxy.tunnels).toEqual([`${server.url}/api/v1/nodes/b`])
  })
})
