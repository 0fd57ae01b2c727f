/** A trace from the first to the last word, by operator and agent with no rights but those of the chart. */
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { TraceJob } from '../../crds/trace-job.ts'
import { rendered } from '../chart/render.ts'
import { rightsOf } from '../chart/rights.ts'
import type { Command } from '../kernel/command.ts'
import { until } from '../kernel/poll.ts'
import { Audit, rightOf } from './audit.ts'
import { type Pod, startAgent, startOperator } from './chart-processes.ts'
import { ChartScene } from './chart-scene.ts'

const OPERATOR = 'system:serviceaccount:tracejob:tracejob-operator'
const AGENT = 'system:serviceaccount:tracejob:tracejob-agent'

/** Rights that are asked for in trouble only. */
const SELDOM = [
  // An agent that was started again asks when the one before it last wrote.
  'tracejob-agent: get tracereports.tracejob.dev',
  // A report is there already, and the operator's cache does not have it yet.
  'tracejob-operator: get tracereports.tracejob.dev',
  // The same has happened again.
  'tracejob-operator: patch events.events.k8s.io',
]

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
  // On the first an agent runs, on the second none ever will.
  await here.cluster.fakeNodes(1)
  await here.cluster.fakeNodes(1, { prefix: 'idle' })
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

/** As the kubelet says it of an image that is not there and not to be pulled. */
async function neverStarts({ metadata }: Pod): Promise<void> {
  const state = { waiting: { reason: 'ErrImageNeverPull', message: 'not there' } }
  const container = { name: 'agent', image: 'agent', imageID: '', ready: false, restartCount: 0, state }
  const patch = JSON.stringify({ status: { phase: 'Pending', containerStatuses: [container] } })
  await here.kubectl(
    ...['patch', 'pod', metadata.name, '-n', 'tracejob', '--subresource=status', '--type=merge', '-p', patch],
  )
}

const saidOf = (operators: readonly Command[]) => operators.map(({ stderr }) => stderr).join('\n')

test('a job is traced, counted, finished and taken away', async () => {
  await using operator = await startOperator(here)
  await operator.until('it leads', async () => {
    const lease = await here.cluster.kubectl([
      'get',
      'lease',
      'tracejob-operator',
      '-n',
      'tracejob',
      '-o',
      'name',
    ])
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
  await here.cluster.apply(aJob('whole', { durationSeconds: 10 }))
  await neverStarts(await podOn('idle-1', 'whole'))
  const pod = await podOn('fake-1', 'whole')
  await using agent = await startAgent(here, pod, join(directory, 'whole'))
  await agent.until('it traces', () => agent.lines.some(({ kind }) => kind === 'tracing'))
  await openFiles(5)
  await here.kubectl(
    ...[
      'label',
      'daemonset',
      '-n',
      'tracejob',
      '-l',
      'tracejob.dev/job=whole',
      'tracejob.dev/job-namespace-',
    ],
  )
  const done = await until('the job has ended', async () => {
    const { status } = await traceJob('whole')
    return status?.state === 'Completed' && status
  })
  expect(done).toMatchObject({
    nodes: { desired: 2, completed: 1, failed: 1 },
    events: { received: 5, lost: 0 },
    failures: [{ node: 'idle-1', reason: 'ImagePullFailed' }],
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
    nodeSelector: { 'kubernetes.io/hostname': 'fake-1' },
  }
  await here.cluster.apply(aJob('selected', spec))
  await using next = await startAgent(here, await podOn('fake-1', 'selected'), join(directory, 'selected'))
  await next.until('the job takes itself away', async () => {
    return (await here.cluster.kubectl(['get', 'tj', 'selected', '-n', 'team-a'])).stderr.includes('NotFound')
  })
  expect(saidOf([operator, standby])).not.toMatch(/"level":[56]0/)
})

test('no request was refused, and no right is idle', async () => {
  const requests = await audit.requests()
  const refused = requests.filter(({ responseStatus }) => [401, 403].includes(responseStatus?.code ?? 0))
  expect(
    refused.map(each => `${each.user.username}: ${rightOf(each)} ${each.responseStatus?.message}`),
  ).toEqual([])

  const used = new Set(requests.map(each => `${each.user.username.split(':').at(-1)}: ${rightOf(each)}`))
  const given = rightsOf(await rendered())
    .filter(({ who }) => who === 'tracejob-operator' || who === 'tracejob-agent')
    .flatMap(({ who, verbs, resources }) =>
      resources.flatMap(resource => verbs.map(verb => `${who}: ${verb} ${resource}`)),
    )
  expect(given).toEqual(expect.arrayContaining(SELDOM))
  expect(given.filter(right => !used.has(right) && !SELDOM.includes(right))).toEqual([])
})
