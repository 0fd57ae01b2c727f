/** An API server that is stuck, or says no to everything for a while: the operator lives on, and goes on when it can. */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { type Fault, INTERNAL_ERROR, tooManyRequests, UNAUTHORIZED, UNAVAILABLE } from '../faults/fault.ts'
import { TRACES } from '../fleet/behaviour.ts'
import type { Operator } from './operator-process.ts'
import { OperatorScene } from './operator-scene.ts'

const SECONDS = Number(process.env.TRACEJOB_OUTAGE_SECONDS ?? 60)
const PROBE_MS = 1000
/** As kubelet waits for an answer of the chart's probes. */
const PROBE_TIMEOUT_MS = 5000

let scene: OperatorScene
let operator: Operator
let nodeSelector: { group: string }
beforeAll(async () => {
  scene = await OperatorScene.open()
  operator = await scene.operator().leading()
  nodeSelector = await scene.nodes('outage', { a: TRACES, b: TRACES })
  return async () => {
    await operator[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  }
})

test(`an API server that stands still for ${SECONDS} s: alive all the time, ready still, and all ends well`, async () => {
  await scene.apply('over-by-then', { nodeSelector, durationSeconds: SECONDS / 2 })
  await scene.apply('goes-on', { nodeSelector })
  for (const name of ['over-by-then', 'goes-on'])
    await scene.says({ name }, 'two nodes trace', ({ nodes }) => nodes?.tracing === 2)
  const apiServer = scene.cluster.components['kube-apiserver']
  apiServer.pause()
  try {
    for (const until = performance.now() + SECONDS * 1000; performance.now() < until; await sleep(PROBE_MS)) {
      const asked = performance.now()
      expect((await operator.health('/healthz')).status).toBe(200)
      expect(performance.now() - asked).toBeLessThan(PROBE_TIMEOUT_MS)
    }
  } finally {
    apiServer.resume()
  }
  expect(await scene.ended({ name: 'over-by-then' })).toMatchObject({
    state: 'Completed',
    nodes: { completed: 2 },
  })
  const { events } = await scene.tracing({ name: 'goes-on' })
  await scene.says({ name: 'goes-on' }, 'counts on', status => status.events!.observed > events!.observed)
  expect((await operator.health('/readyz')).status).toBe(200)
  await operator.leading()
})

test.each<[string, Fault]>([
  ['503', UNAVAILABLE],
  ['500', INTERNAL_ERROR],
  ['429', tooManyRequests(1)],
  ['401', UNAUTHORIZED],
  ['resets', { does: 'reset' }],
  ['answers that are lost', { does: 'loseAnswer' }],
  ['answers that are cut off', { does: 'truncate', afterBytes: 50 }],
])('a burst of %s delays a TraceJob, and does it no other harm', async (what, fault) => {
  const name = `under-${what.split(' ').at(-1)}`
  using _ = scene.proxy.inject(fault, { where: ({ resource }) => resource !== 'leases' }, 12)
  const job = await scene.apply(name, { nodeSelector, durationSeconds: 1 })
  expect(await scene.ended({ name })).toMatchObject({
    state: 'Completed',
    nodes: { completed: 2, failed: 0 },
  })
  expect(await scene.daemonSets(job.metadata.uid!)).toHaveLength(1)
})

test('nothing of it was a defect', () => {
  expect(operator.log.filter(({ level }) => level >= 50)).toEqual([])
})
