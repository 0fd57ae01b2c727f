/** The operator's process: how it starts, stands by, is asked after, and ends. */
import { afterEach, beforeAll, expect, test } from 'vitest'
import type { KubeObject } from '../../kube/object.ts'
import { LEASES } from '../../kube/resource.ts'
import { TRACES } from '../fleet/behaviour.ts'
import { until } from '../kernel/poll.ts'
import { type Operator, OWN_NAMESPACE } from './operator-process.ts'
import { OperatorScene } from './operator-scene.ts'

type Lease = KubeObject & { spec: { holderIdentity?: string } }

let scene: OperatorScene
const started: Operator[] = []
beforeAll(async () => {
  scene = await OperatorScene.open()
  return () => scene[Symbol.asyncDispose]()
})
afterEach(async () => {
  await Promise.all(started.splice(0).map(operator => operator[Symbol.asyncDispose]()))
  scene.proxy.clear()
})

function start(env: NodeJS.ProcessEnv = {}, pod?: string): Operator {
  const operator = scene.operator(env, pod)
  started.push(operator)
  return operator
}

async function holder(): Promise<string | undefined> {
  const lease = await scene.client.get<Lease>(LEASES, { namespace: OWN_NAMESPACE, name: 'tracejob-operator' })
  return lease.spec.holderIdentity
}

test('SIGTERM in the middle of work: the Lease is released, and it ends in order within five seconds', async () => {
  const operator = await start().leading()
  const nodeSelector = await scene.nodes('busy', { a: TRACES, b: TRACES })
  for (let n = 0; n < 5; n++) await scene.apply(`busy-${n}`, { nodeSelector })
  await scene.tracing({ name: 'busy-0' })
  const began = performance.now()
  operator.signal('SIGTERM')
  expect(await operator.ended).toEqual({ code: 0, signal: null })
  expect(performance.now() - began).toBeLessThan(5000)
  expect((await holder()) || 'nobody').toBe('nobody')
  expect(operator.log.filter(({ level }) => level >= 40)).toEqual([])
  await scene.kubectl('delete', 'tj', '--all')
})

test('a second one stands by, ready and writing nothing, and goes on when the first ends', async () => {
  const first = await start({}, 'first').leading()
  const second = await start({}, 'second').ready()
  const nodeSelector = await scene.nodes('handed', { a: TRACES })
  await scene.apply('handed', { nodeSelector, durationSeconds: 4 })
  await scene.tracing({ name: 'handed' })
  const count = '{verb="patch",resource="tracejobs/status",code="200"}'
  expect(await second.metrics()).not.toContain(count)
  first.signal('SIGTERM')
  await first.ended
  const began = performance.now()
  await until('the second holds the Lease', async () => (await holder())?.startsWith('second'))
  expect(performance.now() - began).toBeLessThan(5000)
  expect(await scene.ended({ name: 'handed' })).toMatchObject({ state: 'Completed' })
  expect(await second.metrics()).toContain(count)
})

test('one that was killed and starts again in its pod leads at once', async () => {
  const first = await start().leading()
  first.signal('SIGKILL')
  await first.ended
  const began = performance.now()
  await start().leading()
  // A stranger would have to wait for 15 s.
  expect(performance.now() - began).toBeLessThan(12_000)
})

test('without an API server it is alive and not ready, and gets ready when there is one', async () => {
  const cut = scene.proxy.cut()
  const operator = start()
  expect(await operator.health('/healthz')).toEqual({ status: 200, text: 'ok\n' })
  const { status, text } = await operator.health('/readyz')
  expect(status).toBe(503)
  expect(text).toContain('tracejobs')
  cut[Symbol.dispose]()
  await operator.leading()
})

test('its metrics tell what it did', async () => {
  const operator = await start().leading()
  const nodeSelector = await scene.nodes('measured', { a: TRACES })
  await scene.apply('measured', { nodeSelector, durationSeconds: 2 })
  await scene.ended({ name: 'measured' })
  const text = await operator.metrics()
  for (const series of [
    'tracejob_operator_jobs{state="Completed"}',
    'tracejob_operator_reconciles_total{queue="jobs",result="done"}',
    'tracejob_operator_reconcile_duration_seconds_bucket{le="1",queue="jobs"}',
    'tracejob_operator_api_requests_total{verb="create",resource="daemonsets",code="201"}',
    'tracejob_operator_status_writes_total{change="state"}',
    'tracejob_operator_watches_total{resource="tracejobs"}',
  ])
    expect(text).toContain(series)
  expect(await operator.metric('tracejob_operator_leader')).toBe(1)
})

test.each([
  ['a setting that is missing', { TRACEJOB_NAMESPACE: '' }, 'TRACEJOB_NAMESPACE: '],
  ['one that is wrong', { TRACEJOB_AGENT: '{"image": 5}' }, 'TRACEJOB_AGENT.image: '],
  [
    'a Deployment that is not there',
    { TRACEJOB_DEPLOYMENT: 'absent' },
    `there is no Deployment ${OWN_NAMESPACE}/absent`,
  ],
])('%s ends it with code 1 and a line that says so', async (_, env, words) => {
  const operator = start(env)
  expect((await operator.ended).code).toBe(1)
  expect(operator.stderr).toContain(words)
})
