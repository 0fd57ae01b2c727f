import { pino } from 'pino'
import { expect, test } from 'vitest'
import { FakeClock } from '../kube/clock.fake.ts'
import { DEPLOYMENTS } from '../kube/resource.ts'
import { FakeApi, refused } from './api.fake.ts'
import { DeploymentMissing, deploymentAsOwner } from './owner.ts'

const DEPLOYMENT = { metadata: { namespace: 'system', name: 'operator', uid: 'd-1' } }

function asking(signal = new AbortController().signal) {
  const api = new FakeApi()
  const clock = new FakeClock()
  const log = pino({ level: 'silent' })
  const options = { client: api, namespace: 'system', deployment: 'operator', log, clock }
  return { api, clock, ask: () => deploymentAsOwner(options, signal) }
}

test('the Deployment is named by its uid', async () => {
  const { api, ask } = asking()
  api.put(DEPLOYMENTS, DEPLOYMENT)
  expect(await ask()).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'operator',
    uid: 'd-1',
    blockOwnerDeletion: false,
  })
})

test('one that is not there is a mistake of whoever named it', async () => {
  await expect(asking().ask()).rejects.toThrow(DeploymentMissing)
})

test('an API server that does not answer is asked again', async () => {
  const { api, clock, ask } = asking()
  api.put(DEPLOYMENTS, DEPLOYMENT)
  const { get } = api
  api.get = () => Promise.reject(refused(503, 'ServiceUnavailable'))
  const owner = ask()
  await clock.pass(10_000)
  api.get = get
  await clock.pass(2000)
  expect((await owner).uid).toBe('d-1')
})

test('and no longer than the lead lasts', async () => {
  const abort = new AbortController()
  const { api, clock, ask } = asking(abort.signal)
  api.get = () => Promise.reject(refused(503, 'ServiceUnavailable'))
  const refusal = expect(ask()).rejects.toThrow('over')
  await clock.pass(3000)
  abort.abort(new Error('over'))
  await refusal
})
