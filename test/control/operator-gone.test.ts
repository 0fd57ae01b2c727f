/** What is left when something goes: nothing, however it goes and whoever is away just then. */
import { beforeAll, expect, test } from 'vitest'
import { LABELS } from '../../crds/labels.ts'
import { DAEMON_SETS, DEPLOYMENTS, NAMESPACES } from '../../kube/resource.ts'
import { ourLabels } from '../../operator/our-labels.ts'
import { TRACES } from '../fleet/behaviour.ts'
import { until } from '../kernel/poll.ts'
import { type Operator, OWN_NAMESPACE } from './operator-process.ts'
import { OperatorScene } from './operator-scene.ts'

let scene: OperatorScene
let operator: Operator
beforeAll(async () => {
  scene = await OperatorScene.open()
  operator = await scene.operator().leading()
  return async () => {
    await operator[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  }
})

async function traced(name: string, namespace = 'default'): Promise<string> {
  const nodeSelector = await scene.nodes(name, { a: TRACES, b: TRACES })
  const job = await scene.apply(name, { nodeSelector }, namespace)
  await scene.says({ name, namespace }, 'both nodes trace', ({ nodes }) => nodes?.tracing === 2)
  return job.metadata.uid!
}

/** No agent traces, and neither DaemonSet nor pods are there. */
async function nothingIsLeft(uid: string): Promise<void> {
  await until('no agent traces', () => scene.fleet.tracing(uid) === 0)
  await until('the DaemonSet is gone', async () => (await scene.daemonSets(uid)).length === 0)
  await until('so are the agents', async () => {
    const pods = await scene.kubectl(
      'get',
      'pods',
      '-n',
      OWN_NAMESPACE,
      '-l',
      `${LABELS.jobUid}=${uid}`,
      '-o=name',
    )
    return pods === ''
  })
}

test('a TraceJob that is deleted in the middle takes all with it', async () => {
  const uid = await traced('middle')
  await scene.kubectl('delete', 'tj/middle')
  await nothingIsLeft(uid)
  await until('the reports are gone', async () => (await scene.reports({ name: 'middle' })).length === 0)
})

test('deleted while no operator is there: agents end at once, and the next operator sweeps up', async () => {
  const uid = await traced('unseen')
  operator.signal('SIGKILL')
  await operator.ended
  await scene.kubectl('delete', 'tj/unseen')
  await until('no agent traces', () => scene.fleet.tracing(uid) === 0)
  expect(await scene.daemonSets(uid)).toHaveLength(1)
  operator = await scene.operator().leading()
  await nothingIsLeft(uid)
})

test('a namespace that is deleted is gone within a minute, and so is all that belonged to it', async () => {
  const namespace = 'short-lived'
  await scene.client.create(NAMESPACES, { metadata: { name: namespace } })
  const uid = await traced('inside', namespace)
  await scene.kubectl('delete', 'namespace', namespace, '--timeout=60s')
  await nothingIsLeft(uid)
})

test('a finalizer of somebody else on a TraceJob keeps no agent tracing', async () => {
  const uid = await traced('held')
  await scene.kubectl(
    'patch',
    'tj/held',
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":["example.org/mine"]}}',
  )
  await scene.kubectl('delete', 'tj/held', '--wait=false')
  await nothingIsLeft(uid)
  await scene.kubectl('patch', 'tj/held', '--type=merge', '-p', '{"metadata":{"finalizers":null}}')
  await until('it is gone', async () => !(await scene.job({ name: 'held' })))
})

test("another instance's DaemonSet is left alone, also if its TraceJob is nowhere", async () => {
  const labels = {
    ...ourLabels('theirs'),
    [LABELS.job]: 'x',
    [LABELS.jobNamespace]: 'y',
    [LABELS.jobUid]: 'z',
  }
  const containers = [{ name: 'agent', image: 'x' }]
  const template = { metadata: { labels }, spec: { nodeSelector: { no: 'where' }, containers } }
  const daemonSet = {
    metadata: { namespace: OWN_NAMESPACE, name: 'theirs', labels },
    spec: { selector: { matchLabels: labels }, template },
  }
  await scene.client.create(DAEMON_SETS, daemonSet)
  // Something that happens after it was seen.
  const uid = await traced('after-theirs')
  await scene.kubectl('delete', 'tj/after-theirs')
  await nothingIsLeft(uid)
  expect(await scene.kubectl('get', 'ds', 'theirs', '-n', OWN_NAMESPACE, '-o=name')).toContain('theirs')
})

test('uninstalling the operator takes the agents away: its Deployment owns them', async () => {
  await operator[Symbol.asyncDispose]()
  const labels = { app: 'tracejob-operator' }
  const containers = [{ name: 'operator', image: 'x' }]
  const template = { metadata: { labels }, spec: { containers } }
  const spec = { replicas: 0, selector: { matchLabels: labels }, template }
  const name = 'tracejob-operator'
  await scene.client.create(DEPLOYMENTS, { metadata: { namespace: OWN_NAMESPACE, name }, spec } as object as {
    metadata: { name: string }
  })
  operator = await scene.operator({ TRACEJOB_DEPLOYMENT: name }).leading()
  const uid = await traced('uninstalled')
  const [{ metadata }] = await scene.daemonSets(uid)
  expect(metadata.ownerReferences).toMatchObject([{ kind: 'Deployment', name }])
  await operator[Symbol.asyncDispose]()
  await scene.kubectl('delete', 'deployment', name, '-n', OWN_NAMESPACE)
  await nothingIsLeft(uid)
})
