import { describe, expect, test } from 'vitest'
import { Client } from './client.ts'
import { ApiError, isConflict, isGone, isNotFound } from './errors.ts'
import type { KubeObject } from './object.ts'
import { DAEMON_SETS, LEASES, NODES, PODS } from './resource.ts'
import { type Act, credentialsFor, FakeServer, json, refusal, silentLog } from './server.fake.ts'

const open = (server: FakeServer) =>
  new Client(credentialsFor(server.url), { userAgent: 'tracejob-test/1', log: silentLog })

/** What the server is asked, and what it says is handed back. */
async function exchange(answer: Act, act: (client: Client) => Promise<unknown>) {
  await using server = await FakeServer.start(answer)
  await using client = open(server)
  const result = await act(client)
  const [{ method, url, headers, body }] = server.asked
  return { asked: `${method} ${url}`, type: headers['content-type'], body: body && JSON.parse(body), result }
}

const spec = { holderIdentity: 'me' }
const lease = { metadata: { namespace: 'a', name: 'b', uid: 'u', resourceVersion: '7' }, spec }
const wholeLease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', ...lease }
const LEASE = '/apis/coordination.k8s.io/v1/namespaces/a/leases/b'

describe('in HTTP', () => {
  test.each<[string, string, (client: Client) => Promise<unknown>, object?]>([
    ['get', `GET ${LEASE}`, client => client.get(LEASES, { namespace: 'a', name: 'b' })],
    ['get of what lies in no namespace', 'GET /api/v1/nodes/b', client => client.get(NODES, { name: 'b' })],
    [
      'create',
      'POST /apis/coordination.k8s.io/v1/namespaces/a/leases',
      client => client.create(LEASES, lease),
      { type: 'application/json', body: wholeLease },
    ],
    [
      'replace',
      `PUT ${LEASE}`,
      client => client.replace(LEASES, lease),
      { type: 'application/json', body: wholeLease },
    ],
    [
      'replace of a subresource',
      `PUT ${LEASE}/status`,
      client => client.replace(LEASES, lease, { subresource: 'status' }),
      { type: 'application/json', body: wholeLease },
    ],
    [
      'apply',
      `PATCH ${LEASE}?fieldManager=me&force=false`,
      client => client.apply(LEASES, lease, { fieldManager: 'me' }),
      { type: 'application/apply-patch+yaml', body: wholeLease },
    ],
    [
      'apply of a status, by force',
      `PATCH ${LEASE}/status?fieldManager=me&force=true`,
      client => client.apply(LEASES, lease, { fieldManager: 'me', force: true, subresource: 'status' }),
      { type: 'application/apply-patch+yaml', body: wholeLease },
    ],
    [
      'merge',
      `PATCH ${LEASE}`,
      client => client.merge(LEASES, { namespace: 'a', name: 'b' }, { spec: null }),
      { type: 'application/merge-patch+json', body: { spec: null } },
    ],
    [
      'remove',
      `DELETE ${LEASE}`,
      client => client.remove(LEASES, { namespace: 'a', name: 'b' }),
      { body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: {} } },
    ],
    [
      'remove of one object and no other',
      `DELETE ${LEASE}`,
      client =>
        client.remove(LEASES, { namespace: 'a', name: 'b' }, { uid: 'u', propagationPolicy: 'Foreground' }),
      { body: { preconditions: { uid: 'u' }, propagationPolicy: 'Foreground' } },
    ],
    ['raw', 'GET /readyz?verbose', client => client.raw('GET', '/readyz?verbose')],
    [
      'raw with text',
      'POST /x',
      client => client.raw('POST', '/x', '{"a":1}', { contentType: 'text/x' }),
      { type: 'text/x', body: { a: 1 } },
    ],
  ])('%s is %s', async (_, asked, act, more = {}) => {
    expect(await exchange(json(wholeLease), act)).toMatchObject({ asked, ...more })
  })

  test('list is a GET with what is wanted, of one namespace or all', async () => {
    const query = { labelSelector: 'a=b', fieldSelector: 'metadata.name=x', limit: 500, continue: 'token' }
    const list = json({ metadata: { resourceVersion: '9' }, items: [{ metadata: { name: 'x' } }] })
    expect(await exchange(list, client => client.list(PODS, { namespace: 'a', ...query }))).toMatchObject({
      asked:
        'GET /api/v1/namespaces/a/pods?labelSelector=a%3Db&fieldSelector=metadata.name%3Dx&limit=500&continue=token',
      result: { items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }] },
    })
    expect(await exchange(list, client => client.list(PODS))).toMatchObject({ asked: 'GET /api/v1/pods' })
  })

  test('every request says who asks, and keeps to the path of the server', async () => {
    await using server = await FakeServer.start(json({}))
    const credentials = credentialsFor(`${server.url}/k8s/clusters/c-1/`, {
      authorization: async () => 'Bearer secret',
      impersonate: 'jane',
    })
    await using client = new Client(credentials, { userAgent: 'tracejob-test/1', log: silentLog })
    await client.get(NODES, { name: 'b' })
    expect(server.asked).toMatchObject([
      {
        url: '/k8s/clusters/c-1/api/v1/nodes/b',
        headers: {
          accept: 'application/json',
          authorization: 'Bearer secret',
          'impersonate-user': 'jane',
          'user-agent': 'tracejob-test/1',
        },
      },
    ])
  })

  test('what the server answers is the result', async () => {
    const { result } = await exchange(json(wholeLease, 201), client =>
      client.create<KubeObject>(LEASES, lease),
    )
    expect(result).toEqual(wholeLease)
  })
})

describe('a refusal', () => {
  test.each([
    ['of what is not there', refusal(404, 'NotFound'), isNotFound],
    ['of what has changed', refusal(409, 'Conflict'), isConflict],
    ['of what is too old', refusal(410, 'Expired'), isGone],
  ])('%s is an error that can be told apart', async (_, answer, is) => {
    const error = await exchange(answer, client => client.replace(LEASES, lease)).catch(error => error)
    expect(error).toBeInstanceOf(ApiError)
    expect(is(error)).toBe(true)
    expect(error.message).toMatch(/^update leases "b" in "a": \d+ \w+: no$/)
  })

  test('to remove what is not there is none', async () => {
    const remove = (client: Client) => client.remove(DAEMON_SETS, { namespace: 'a', name: 'b' }, { uid: 'u' })
    expect((await exchange(refusal(404, 'NotFound'), remove)).result).toBeUndefined()
    await expect(exchange(refusal(409, 'Conflict'), remove)).rejects.toSatisfy(isConflict)
  })

  test('of a raw request is an answer', async () => {
    const { result } = await exchange(refusal(500, 'InternalError'), client => client.raw('GET', '/livez'))
    expect(result).toMatchObject({ status: 500, text: expect.stringContaining('InternalError') })
  })
})
