import { expect, test } from 'vitest'
import { DAEMON_SETS } from '../kube/resource.ts'
import { FakeApi, refused } from './api.fake.ts'
import { ignoreGone, type Lead, LeadingClient } from './leading-client.ts'
import { NotLeading } from './not-leading.ts'

const A = { metadata: { namespace: 'ns', name: 'a' } }
const lead = (mayWrite: boolean): Lead => ({ mayWrite: () => mayWrite, signal: AbortSignal.timeout(60_000) })

test.each<[string, (client: LeadingClient) => Promise<unknown>]>([
  ['create', client => client.create(DAEMON_SETS, A)],
  ['apply', client => client.apply(DAEMON_SETS, A, { fieldManager: 'x' })],
  ['merge', client => client.merge(DAEMON_SETS, A.metadata, {})],
  ['remove', client => client.remove(DAEMON_SETS, A.metadata)],
])('%s is not sent without the lead', async (_, write) => {
  const api = new FakeApi()
  await expect(write(new LeadingClient(api, lead(false)))).rejects.toThrow(NotLeading)
  expect(api.writes).toEqual([])
})

test('reads are', async () => {
  const api = new FakeApi()
  api.put(DAEMON_SETS, A)
  const client = new LeadingClient(api, lead(false))
  expect(await client.get(DAEMON_SETS, A.metadata)).toMatchObject(A)
  expect((await client.list(DAEMON_SETS, { namespace: 'ns' })).items).toHaveLength(1)
})

test('each write has the signal of the lead, unless it has one of its own', async () => {
  const signals: unknown[] = []
  const api = new FakeApi()
  api.remove = async (_, __, options) => void signals.push(options?.signal)
  const leading = lead(true)
  const client = new LeadingClient(api, leading)
  const own = AbortSignal.timeout(60_000)
  await client.remove(DAEMON_SETS, A.metadata, { uid: 'u' })
  await client.remove(DAEMON_SETS, A.metadata, { signal: undefined })
  await client.remove(DAEMON_SETS, A.metadata, { signal: own })
  expect(signals).toEqual([leading.signal, leading.signal, own])
})

test.each([
  [404, 'NotFound', 'is done'],
  [409, 'Conflict', 'is done'],
  [409, 'AlreadyExists', 'is not'],
  [403, 'Forbidden', 'is not'],
])('to what the API server says %i %s of, what was to be done %s', async (status, reason, wanted) => {
  const outcome = ignoreGone(Promise.reject(refused(status, reason))).then(
    () => 'is done',
    () => 'is not',
  )
  expect(await outcome).toBe(wanted)
})
