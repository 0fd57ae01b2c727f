/** What happens to a node in mid-trace: the trace goes on where it can, and says what it missed where it can not. */
import { beforeAll, expect, test } from 'vitest'
import { opening } from './pods.ts'
import { attachedBy } from './processes.ts'
import { NodeScene } from './scene.ts'
import { conditionsOf, Trace } from './trace.ts'

let here: NodeScene
beforeAll(async () => {
  here = await NodeScene.open()
  await here.chart.namespaces('shop')
  await here.install()
  return () => here[Symbol.asyncDispose]()
})

/** A pod that makes a hundred opens each time that the next of these gates is opened. */
async function startPod(name: string, ...gates: string[]): Promise<void> {
  const steps = gates.flatMap(gate => ['until', `/gates/${gate}`, 'open', '100', '/data/file'])
  await here.applyPod(name, opening('app', ...steps, 'stay'), { namespace: 'shop' })
  await here.podRuns(name, 'shop')
}

const begin = (name: string, spec: object = {}) => Trace.begin(here, { name, namespace: 'shop' }, spec)

/** As kubectl drain asks for it. */
async function evict(name: string, namespace: string): Promise<void> {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } }
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`
  const stdin = JSON.stringify(eviction)
  expect(await here.cluster.kubectl(['create', '--raw', path, '-f', '-'], { stdin })).toMatchObject({
    code: 0,
  })
}

test('an agent that is evicted, or killed, goes on and says so', async () => {
  await startPod('visited', 'first', 'second', 'third')
  const trace = await begin('visited')
  const goesOn = (times: number) =>
    trace.reported(`it goes on, for the ${times}. time`, ({ state, interruptions }) => {
      return state === 'Tracing' && interruptions?.count === times
    })
  await trace.tracing()
  await here.openGate('first')
  await trace.received(100)

  const [agent] = await trace.agents()
  await evict(agent.metadata.name, 'tracejob')
  await goesOn(1)
  await here.openGate('second')
  await trace.received(200)

  process.kill(await trace.agentProcess(), 'SIGKILL')
  await goesOn(2)
  await here.openGate('third')
  const { interruptions } = await trace.received(300)
  expect(interruptions!.untracedSeconds).toBeGreaterThan(0)

  const status = await trace.said('all of it', ({ events }) => events?.received === 300)
  expect(conditionsOf(status)).toMatchObject({ Lossless: 'Unknown TraceInterrupted' })
  expect(status.top!.files).toEqual([{ path: '/data/file', count: 300 }])
  await trace.end()
  expect(attachedBy(here.cluster.name)).toEqual([])
})

test('containerd and the kubelet are started again, and the trace does not notice', async () => {
  await startPod('unmoved', 'fourth')
  const trace = await begin('unmoved', { durationSeconds: 15, logRetentionSeconds: 0 })
  await trace.tracing()
  await here.node.containerd.restart()
  await here.node.kubelet.restart()
  await here.openGate('fourth')
  const status = await trace.ended()
  expect(status).toMatchObject({ state: 'Completed', events: { received: 100, lost: 0 } })
  expect(await trace.report()).not.toHaveProperty('interruptions')
  await trace.agentsGone()
})

test('a node that is drained is traced on, and also one that was before', async () => {
  await startPod('drained', 'never')
  const trace = await begin('drained', { durationSeconds: 10, logRetentionSeconds: 0 })
  await trace.tracing()
  // Of the two operators on this only node one has to stay, by their PodDisruptionBudget.
  const how = ['--ignore-daemonsets', '--force', '--pod-selector=app.kubernetes.io/component!=operator']
  await here.kubectl('drain', here.node.name, ...how)
  expect(await here.kubectl('get', 'pods', '-n', 'shop', '-o', 'name')).toBe('')
  const later = await begin('cordoned', { durationSeconds: 1, logRetentionSeconds: 0 })
  for (const each of [trace, later]) {
    const status = await each.ended()
    expect(status).toMatchObject({ state: 'Completed', nodes: { completed: 1, failed: 0 } })
    expect(conditionsOf(status)).toMatchObject({ Lossless: 'True NothingLost' })
  }
})
