/** What a user meets first: two commands, and the answer. */
import { beforeAll, describe, expect, test } from 'vitest'
import { ledgerCloses } from '../../crds/ledger.ts'
import { opening, running } from './pods.ts'
import { attachedBy, processesIn, read } from './processes.ts'
import { NodeScene } from './scene.ts'
import { States } from './states.ts'
import { conditionsOf, Trace } from './trace.ts'

const OPENS = 1000
/** The promise. A machine that starts a plain pod slowly can't keep it, and is given the time of so many of them. */
const ANSWER_SECONDS = 10
const PLAIN_PODS = 6
const SHOP = { namespace: 'shop' }

let here: NodeScene
let notes: string
beforeAll(async () => {
  here = await NodeScene.open()
  await here.chart.namespaces('shop')
  notes = await here.install()
  return () => here[Symbol.asyncDispose]()
})

describe('helm', () => {
  test('says after the install what to do next', () => {
    expect(notes).toMatch(/TraceJob \S+ is installed in the namespace tracejob\./)
    expect(notes).toContain('kubectl get tj first --watch')
  })

  test('tests the release', async () => {
    const { code, stdout } = await here.chart.helm('test', 'tracejob', '-n', 'tracejob')
    expect(code).toBe(0)
    expect(stdout).not.toContain('Failed')
  })
})

test('a file that a pod reads in a loop is in the answer within ten seconds', async () => {
  const began = performance.now()
  const loop = 'while true; do cat /data/secret > /dev/null; sleep 0.2; done'
  await here.applyPod('reader', running('app', 'sh', '-c', loop), SHOP)
  await here.podRuns('reader', 'shop')
  const plainSeconds = (performance.now() - began) / 1000

  const asked = performance.now()
  const trace = await Trace.begin(here, { name: 'who', ...SHOP })
  const status = await trace.said('the file is in the answer', ({ top }) =>
    top?.files?.some(({ path }) => path === '/data/secret'),
  )
  const seconds = (performance.now() - asked) / 1000
  expect(seconds).toBeLessThan(Math.max(ANSWER_SECONDS, PLAIN_PODS * plainSeconds))

  expect(status.top!.pods).toEqual([expect.objectContaining({ namespace: 'shop', pod: 'reader' })])
  expect(status.top!.processes!.map(({ comm, node }) => [comm, node])).toContainEqual(['cat', here.node.name])
  expect(await here.kubectl('get', 'tj', 'who', '-n', 'shop')).toMatch(
    /^NAME +STATE +NODES +EVENTS +LOST +DURATION\(S\) +AGE\nwho +Tracing +1\/1 +[1-9]\d* +0 +/,
  )

  const events = await trace.events()
  const whose = { namespace: 'shop', pod: 'reader', container: 'app', node: here.node.name }
  for (const event of events) expect(event).toMatchObject(whose)
  expect(events.map(({ path }) => path)).toContain('/data/secret')
  await trace.end()
  await here.kubectl('delete', 'pod', 'reader', '-n', 'shop')
})

test('the counts are what the pod did, and when the time is up nothing stays', async () => {
  const steps = ['until', '/gates/counted', 'open', String(OPENS), '/data/secret', 'stay']
  await here.applyPod('counted', opening('app', ...steps), SHOP)
  await here.podRuns('counted', 'shop')
  const uid = await here.kubectl('get', 'pod', 'counted', '-n', 'shop', '-o', 'jsonpath={.metadata.uid}')
  await using states = await States.of(here, 'shop', 'counted')
  const limits = { durationSeconds: 15, logRetentionSeconds: 5 }
  const trace = await Trace.begin(here, { name: 'counted', ...SHOP }, limits)
  await trace.tracing()
  expect(attachedBy(here.cluster.name)).not.toEqual([]) // so it would show
  await here.openGate('counted')

  const status = await trace.ended()
  const [agent] = await trace.agents()
  const events = await trace.events()
  expect(attachedBy(here.cluster.name)).toEqual([])
  expect(status.events).toMatchObject({ received: OPENS, logged: OPENS, lost: 0 })
  expect(ledgerCloses(status.events!)).toBe(true)
  expect(await trace.report()).toMatchObject({ state: 'Completed', ledger: status.events })
  expect(status.top).toMatchObject({
    files: [{ path: '/data/secret', count: OPENS }],
    processes: [{ comm: 'opens', node: here.node.name, count: OPENS }],
    pods: [{ namespace: 'shop', pod: 'counted', count: OPENS }],
    approximate: false,
  })
  expect(conditionsOf(status)).toEqual({
    Accepted: 'True Valid',
    Tracing: 'False Finished',
    Complete: 'True AllNodesFinished',
    Failed: 'False NoNodeFailed',
    Lossless: 'True NothingLost',
  })
  expect(events).toHaveLength(OPENS)
  expect(read(events[0].pid, 'cgroup')).toContain(uid) // the pid is the host's

  await trace.agentsGone()
  expect(processesIn(agent.metadata.uid!)).toEqual([])
  expect(states.seen).toEqual(['Pending', 'Tracing', 'Completed'])
})
