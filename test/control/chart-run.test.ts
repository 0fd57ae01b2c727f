/** A trace from the first to the last word, by operator and agent with no rights but those of the chart. */
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { TraceJob } from '../../crds/trace-job.ts'
import { rightsOf } from '../chart/rights.ts'
import { rendered } from '../chart/render.ts'
import type { Command } from '../kernel/command.ts'
import { until } from '../kernel/poll.ts'
import { Audit, rightOf } from './audit.ts'
import { type Pod, startAgent, startOperator } from './chart-processes.ts'
import { ChartScene } from './chart-scene.ts'

const OPERATOR = 'system:serviceaccount:tracejob:tracejob-operator'
const AGENT = 'system:serviceaccount:tracejob:tracejob-agent'

let here: ChartScene
let directory: string
let audit: Audit
beforeAll(async () => {
  await using stack = new AsyncDisposableStack()
  directory = await mkdtemp(join(tmpdir(), 'tracejob-chart-'))
  stack.defer(() => rm(directory, { recursive: true }))
  await chmod(directory, 0o755)
  audit = await Audit.of([OPERATOR, AGENT], directory)
  here = stack.use(await ChartScene.open({ flags: { 'kube-apiserver': audit.flags } }))
  await here.namespaces('team-a', 'tracejob')
  await here.kubectl('label', 'namespace', 'tracejob', 'pod-security.kubernetes.io/enforce=privileged')
  await here.install()
  // On the first an agent runs; nothing is heard of the second.
  await here.cluster.fakeNodes(2)
  const owned = stack.move()
  return () => owned.disposeAsync()
})

/** About what this user opens below the directory, so that nobody else's opens are counted. */
const uid = randomInt(300_000, 4_000_000)

const aJob = (name: string, spec: object) => ({
  apiVersion: 'tracejob.dev/v1alpha1',
  kind: 'TraceJob',
  metadata: { name, namespace: 'team-a' },
  spec: {
    scope: 'Cluster',
    filter: { pathPrefixes: [directory], uids: [uid] },
    logRetentionSeconds: 0,
    ...spec,
  },
})

async function openFiles(count: number): Promise<void> {
  await mkdir(join(directory, 'opened'), { recursive: true })
  const paths = Array(count).fill(join(directory, 'opened', 'file'))
  await once(spawn('cat', paths, { uid, stdio: 'ignore' }), 'close')
}

const traceJob = (name: string) => here.get<TraceJob>('tj', name, '-n', 'team-a')

/** The agents' pods of the job, once there is one on that node. */
function podOn(node: string, job: string): Promise<Pod> {
  return until(`there is an agent of ${job} on ${node}`, async () => {
    const words = ['pods', '-n', 'tracejob', '-l', `tracejob.dev/job=${job}`]
    const { items } = await here.get<{ items: Pod[] }>(...words)
    return items.find(({ spec }) => spec.nodeName === node)
  })
}

const saidOf = (operators: readonly Command[]) => operators.map(({ stderr }) => stderr).join('\n')

test('a job is traced, counted, finished and taken away', async () => {
  await using operator = await startOperator(here)
  await operator.until('it leads', async () => {
    const lease = await here.cluster.kubectl(['get', 'lease', 'tracejob-operator', '-n', 'tracejob', '-o', 'name'])
    return lease.code === 0
  })
  await using standby = await startOperator(here)

  // Somebody else's, and in the way.
  const label = { 'tracejob.dev/job': 'whole' }
  await here.cluster.apply({
    apiVersion: 'tracejob.dev/v1alpha1',
    kind: 'TraceReport',
    metadata: { name: 'whole.fake-1', namespace: 'team-a', labels: label },
    spec: { nodeName: 'fake-1' },
  })
  await here.cluster.apply(aJob('whole', { durationSeconds: 10, startDeadlineSeconds: 20 }))
  const pod = await podOn('fake-1', 'whole')
  await using agent = await startAgent(here, pod, join(directory, 'whole'))
  await agent.until('it traces', () => agent.lines.some(({ kind }) => kind === 'tracing'))
  await openFiles(5)
  await here.kubectl(
    ...['label', 'daemonset', '-n', 'tracejob', '-l', 'tracejob.dev/job=whole', 'tracejob.dev/job-namespace-'],
  )
  const done = await until('the job has ended', async () => {
    const { status } = await traceJob('whole')
    return status?.state === 'Completed' && status
  })
  expect(done).toMatchObject({
    nodes: { desired: 2, completed: 1, failed: 1 },
    events: { received: 5, lost: 0 },
    failures: [{ node: 'fake-2', reason: 'NodeNotStarted' }],
  })
  await until('its agents are gone', async () => {
    return (await here.kubectl('get', 'daemonsets', '-n', 'tracejob', '-o', 'name')) === ''
  })
  expect(agent.events).toHaveLength(5)
  agent.signal('SIGTERM')
  expect(await agent.ended).toEqual({ code: 0, signal: null })

  operator.signal('SIGTERM')
  expect(await operator.ended).toEqual({ code: 0, signal: null })
  const spec = {
    durationSeconds: 1,
    ttlSecondsAfterFinished: 0,
    namespaceSelector: { matchLabels: { team: 'a' } },
  }
  await here.cluster.apply(aJob('selected', spec))
  await using next = await startAgent(here, await podOn('fake-1', 'selected'), join(directory, 'selected'))
  await next.until('the job takes itself away', async () => {
    return (await here.cluster.kubectl(['get', 'tj', 'selected', '-n', 'team-a'])).stderr.includes('NotFound')
  })
  expect(saidOf([operator, standby])).not.toMatch(/"level":[56]0/)
})
