/**
 * The operator with faults between it and the API server, each for as long as it takes to apply a TraceJob and more: when it is over,
 * the TraceJob ends as it should. What befalls all requests for a moment is in operator-outage.test.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { TRACE_REPORTS } from '../../crds/resources.ts'
import type { KubeObject } from '../../kube/object.ts'
import {
  EXPIRED,
  EXPIRED_EVENT,
  type Fault,
  INTERNAL_ERROR,
  STORAGE_INITIALIZING,
  UNAUTHORIZED,
  UNAVAILABLE,
} from '../faults/fault.ts'
import type { Match } from '../faults/rules.ts'
import { TRACES } from '../fleet/behaviour.ts'
import { until } from '../kernel/poll.ts'
import type { Operator } from './operator-process.ts'
import { OperatorScene } from './operator-scene.ts'

/** With a page of 500, lists of reports have two. */
const OTHERS_REPORTS = 600
const WRITERS = 8

let scene: OperatorScene
let operator: Operator
let nodeSelector: { group: string }
beforeAll(async () => {
  scene = await OperatorScene.open()
  operator = await scene.operator().leading()
  nodeSelector = await scene.nodes('faulty', {
    a: TRACES,
    b: TRACES,
    c: { does: 'fail', reason: 'BtfMissing', message: 'This kernel has no BTF.' },
  })
  return async () => {
    await operator[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  }
})

let jobs = 0

/** A TraceJob that is applied while the fault is in force ends right when it is not any more. */
async function goesWell(meanwhile: (name: string) => Promise<unknown>): Promise<void> {
  const name = `job-${++jobs}`
  const job = await scene.apply(name, { nodeSelector, durationSeconds: 2 })
  await meanwhile(name)
  scene.proxy.clear()
  expect(await scene.ended({ name })).toMatchObject({
    state: 'Completed',
    nodes: { desired: 3, completed: 2, failed: 1 },
    failures: [{ node: 'faulty-c', reason: 'BtfMissing' }],
  })
  expect(await scene.daemonSets(job.metadata.uid!)).toHaveLength(1)
  expect(operator.log.filter(({ level }) => level >= 50)).toEqual([])
  await scene.kubectl('delete', 'tj', name)
}

const ofWatches: Match = { verb: 'watch', where: ({ resource }) => resource !== 'leases' }

test.each<[string, Fault, number]>([
  ['break off in mid-stream', { does: 'breakOff', afterBytes: 3000 }, 12],
  ['end in the middle of an event', { does: 'truncate', afterBytes: 2500 }, 12],
  ['come by a few bytes at a time', { does: 'trickle', bytes: 200, everyMs: 20 }, 4],
  ['have expired, as an event says', EXPIRED_EVENT, 8],
  ['have expired, as an answer says', EXPIRED, 8],
  ['are refused, for the storage is initializing', STORAGE_INITIALIZING, 8],
  ['are refused with 401', UNAUTHORIZED, 16],
  ['are reset at once', { does: 'reset' }, 12],
])('watches that %s', async (_, fault, times) => {
  const rule = scene.proxy.inject(fault, ofWatches, times)
  scene.proxy.dropConnections()
  await goesWell(() => until('the watches have met it', () => rule.hits >= Math.min(times, 4)))
})

test.each<[string, Fault, Match]>([
  [
    'DaemonSets are created and nobody hears of it',
    { does: 'loseAnswer' },
    { verb: 'create', resource: 'daemonsets' },
  ],
  [
    'reports are created and nobody hears of it',
    { does: 'loseAnswer' },
    { verb: 'create', resource: 'tracereports' },
  ],
  ['no DaemonSet can be created', INTERNAL_ERROR, { verb: 'create', resource: 'daemonsets' }],
  ['no report can be created', UNAVAILABLE, { verb: 'create', resource: 'tracereports' }],
  ['no status can be written', INTERNAL_ERROR, { verb: 'patch', resource: 'tracejobs' }],
  [
    'what was written is answered in part',
    { does: 'truncate', afterBytes: 40 },
    { verb: ['create', 'patch'] },
  ],
])('for three times, %s', async (_, fault, match) => {
  const rule = scene.proxy.inject(fault, match, 3)
  await goesWell(() => until('it has befallen', () => rule.hits === 3))
})

test.each<[string, Fault]>([
  ['500', INTERNAL_ERROR],
  ['401', UNAUTHORIZED],
  ['no answer', { does: 'swallow' }],
])('nothing but %s for longer than the lead can last, to the Lease also', async (_, fault) => {
  scene.proxy.inject(fault)
  scene.proxy.dropConnections()
  await goesWell(async () => {
    await until('the lead is lost', async () => (await operator.metric('tracejob_operator_leader')) === 0)
    expect((await operator.health('/healthz')).status).toBe(200)
    await sleep(1000)
    scene.proxy.clear()
    if (fault.does === 'swallow') scene.proxy.dropConnections()
  })
  await operator.leading()
})

test.each<[string, Fault, Match, number]>([
  ['expire from page to page', EXPIRED, { verb: 'list', where: ({ query }) => query.has('continue') }, 3],
  ['are refused, for the storage is initializing', STORAGE_INITIALIZING, { verb: 'list' }, 6],
  ['break off', { does: 'truncate', afterBytes: 300 }, { verb: 'list' }, 8],
  ['have expired', EXPIRED, { verb: 'list' }, 8],
])('at its start, lists that %s', async (_, fault, match, times) => {
  await addOthersReports()
  await operator[Symbol.asyncDispose]()
  const rule = scene.proxy.inject(fault, match, times)
  await goesWell(async () => {
    operator = scene.operator()
    await until('it has met all of it', () => rule.hits === times)
    await operator.leading()
  })
})

/** Of a TraceJob that is nowhere. */
async function addOthersReports(): Promise<void> {
  const { items } = await scene.client.list<KubeObject>(TRACE_REPORTS, { namespace: 'default', limit: 1 })
  if (items.length > 0) return
  const numbers = Array(OTHERS_REPORTS).keys()
  const write = async () => {
    for (const n of numbers) {
      const metadata = {
        namespace: 'default',
        name: `others.node-${n}`,
        labels: { 'tracejob.dev/job': 'others' },
      }
      const report = { metadata, spec: { nodeName: `node-${n}` } }
      await scene.client.create(TRACE_REPORTS, report)
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, write))
}
