/** Hands that change what is the operator's: what they changed is put right, and nobody is drawn into a fight without end. */
import { beforeAll, expect, test } from 'vitest'
import { TRACE_JOBS } from '../../crds/resources.ts'
import { DAEMON_SETS } from '../../kube/resource.ts'
import { TRACES } from '../fleet/behaviour.ts'
import { until } from '../kernel/poll.ts'
import { type Operator, OWN_NAMESPACE } from './operator-process.ts'
import { type DaemonSet, type Job, OperatorScene } from './operator-scene.ts'

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

/** A TraceJob that is traced on one node, without end, and its DaemonSet. */
async function traced(name: string): Promise<{ job: Job; uid: string; daemonSet: DaemonSet }> {
  const nodeSelector = await scene.nodes(name, { a: TRACES })
  const job = await scene.apply(name, { nodeSelector })
  await scene.tracing({ name })
  const [daemonSet] = await scene.daemonSets(job.metadata.uid!)
  return { job, uid: job.metadata.uid!, daemonSet }
}

const patchDaemonSet = (name: string, patch: object) =>
  scene.client.merge<DaemonSet>(DAEMON_SETS, { namespace: OWN_NAMESPACE, name }, patch)

const getDaemonSet = (name: string) =>
  scene.client.get<DaemonSet>(DAEMON_SETS, { namespace: OWN_NAMESPACE, name })

test('a DaemonSet that is deleted by hand comes again, and the trace goes on', async () => {
  const { uid, daemonSet } = await traced('deleted')
  await scene.kubectl('delete', 'ds', daemonSet.metadata.name, '-n', OWN_NAMESPACE)
  await until('there is another', async () => {
    const [found] = await scene.daemonSets(uid)
    return found && found.metadata.uid !== daemonSet.metadata.uid
  })
  await until('its agent traces', () => scene.fleet.tracing(uid) === 1)
  await scene.says({ name: 'deleted' }, 'is traced', ({ nodes }) => nodes?.tracing === 1)
})

test('so does an agent', async () => {
  const { uid } = await traced('evicted')
  await scene.kubectl('delete', 'pods', '-n', OWN_NAMESPACE, '-l', `tracejob.dev/job-uid=${uid}`)
  await until('another agent traces', () => scene.fleet.tracing(uid) === 1)
  await scene.says({ name: 'evicted' }, 'is traced', ({ nodes }) => nodes?.tracing === 1)
})

test.each<[string, object]>([
  [
    'its image',
    { spec: { template: { spec: { containers: [{ name: 'agent', image: 'registry.invalid/other:1' }] } } } },
  ],
  ['its way of updating', { spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: null } } }],
  ['its nodes, so that none is left', { spec: { template: { spec: { nodeSelector: { no: 'where' } } } } }],
  ['its labels, so that nobody knows whose it is', { metadata: { labels: null } }],
])('an edited DaemonSet is put right: %s', async (what, patch) => {
  const name = `edited-${what.split(' ')[1].replace(',', '')}`
  const { daemonSet } = await traced(name)
  const healed = await operator.metric('tracejob_operator_heals_total')
  await patchDaemonSet(daemonSet.metadata.name, patch)
  await until('it is as it was', async () => {
    const { metadata, spec } = await getDaemonSet(daemonSet.metadata.name)
    const agent = (each: DaemonSet['spec']) => JSON.stringify(pick(each))
    return agent(spec) === agent(daemonSet.spec) && metadata.labels?.['tracejob.dev/job'] === name
  })
  await until(
    'that is counted',
    async () => (await operator.metric('tracejob_operator_heals_total')) > healed,
  )
})

/** What was edited. */
function pick(spec: Record<string, unknown>): unknown {
  const { updateStrategy, template } = spec as {
    updateStrategy: { type: string }
    template: { spec: { containers: { image: string }[]; nodeSelector: unknown } }
  }
  const { containers, nodeSelector } = template.spec
  return [updateStrategy.type, nodeSelector, containers.map(({ image }) => image)]
}

const FIGHT_MS = 10_000

/** Until the time is over, as fast as it goes. */
async function fight(act: (round: number) => Promise<unknown>): Promise<number> {
  const until = performance.now() + FIGHT_MS
  let round = 0
  while (performance.now() < until) {
    await act(round++).catch(() => {})
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return round
}

test('a heal is told by an Event', async () => {
  const { daemonSet } = await traced('told')
  await patchDaemonSet(daemonSet.metadata.name, { spec: { updateStrategy: { type: 'RollingUpdate' } } })
  const events = () => scene.kubectl('events', '--for=tracejob/told', '--types=Warning')
  await until('it is told', async () => (await events()).includes('changed spec.updateStrategy.type'))
})

test('another manager who edits the DaemonSet again and again is answered five times, then once a minute', async () => {
  const { daemonSet } = await traced('fought-over')
  const began = performance.now()
  const rounds = await fight(() =>
    patchDaemonSet(daemonSet.metadata.name, { spec: { minReadySeconds: 1, revisionHistoryLimit: 7 } }),
  )
  const { name } = daemonSet.metadata
  const answers = scene.writes(began).filter(write => write.resource === 'daemonsets' && write.name === name)
  expect(rounds).toBeGreaterThan(10)
  expect(answers.length).toBeLessThanOrEqual(6)
  expect(answers.length).toBeGreaterThanOrEqual(4)
})

test('so is one who writes its status, at the pace of counters; and the status is right in the end', async () => {
  const { job } = await traced('spoken-for')
  const place = { namespace: 'default', name: job.metadata.name }
  const began = performance.now()
  const rounds = await fight(() =>
    scene.client.merge(TRACE_JOBS, place, { status: { state: 'Failed' } }, { subresource: 'status' }),
  )
  const answers = scene
    .writes(began)
    .filter(({ resource, name }) => resource === 'tracejobs' && name === place.name)
  expect(rounds).toBeGreaterThan(10)
  expect(answers.length).toBeLessThanOrEqual(FIGHT_MS / 2000 + 2)
  await scene.tracing(place)
})

test('a status that somebody takes away is written again', async () => {
  const { job } = await traced('silenced')
  const place = { namespace: 'default', name: job.metadata.name }
  await scene.client.merge(TRACE_JOBS, place, { status: null }, { subresource: 'status' })
  const status = await scene.tracing(place)
  expect(status.conditions).toHaveLength(5)
})

test('the report of a node that somebody deletes comes again', async () => {
  const { uid } = await traced('reportless')
  await scene.kubectl('delete', 'tr', '-l', 'tracejob.dev/job=reportless')
  await until('there is another', async () => (await scene.reports({ name: 'reportless' })).length === 1)
  expect((await scene.daemonSets(uid)).length).toBe(1)
})
