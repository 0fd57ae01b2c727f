/** What goes wrong on nodes and with what the operator may do, as the status of a TraceJob tells it. */
import { beforeAll, expect, test } from 'vitest'
import { type Behaviour, TRACES } from '../fleet/behaviour.ts'
import { until } from '../kernel/poll.ts'
import { type Operator, OWN_NAMESPACE } from './operator-process.ts'
import { conditionOf, OperatorScene } from './operator-scene.ts'

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

const NO_BTF: Behaviour = { does: 'fail', reason: 'BtfMissing', message: 'This kernel has no BTF.' }

test('one node that fails is named, and the others finish', async () => {
  const nodeSelector = await scene.nodes('one', { a: TRACES, b: NO_BTF })
  await scene.apply('one', { nodeSelector, durationSeconds: 2 })
  const status = await scene.ended({ name: 'one' })
  expect(status).toMatchObject({
    state: 'Completed',
    nodes: { desired: 2, completed: 1, failed: 1 },
    failures: [{ node: 'one-b', reason: 'BtfMissing', message: 'This kernel has no BTF.' }],
  })
  expect(conditionOf(status, 'Complete')).toMatchObject({ status: 'True', reason: 'SomeNodesFailed' })
  expect(conditionOf(status, 'Failed')).toMatchObject({ status: 'False' })
  expect(conditionOf(status, 'Lossless')).toMatchObject({ status: 'Unknown', reason: 'NodesNotTraced' })
  const events = await scene.kubectl('events', '--for=tracejob/one', '--types=Warning')
  expect(events).toContain('one-b: BtfMissing')
})

test('if all fail, the TraceJob has failed, for the commonest reason', async () => {
  const nodeSelector = await scene.nodes('all', { a: NO_BTF, b: NO_BTF })
  await scene.apply('all', { nodeSelector, durationSeconds: 2 })
  await scene.kubectl('wait', '--for=condition=Failed', 'tj/all', '--timeout=90s')
  const status = await scene.ended({ name: 'all' })
  expect(status.state).toBe('Failed')
  expect(conditionOf(status, 'Failed')).toMatchObject({ status: 'True', reason: 'BtfMissing' })
  expect(conditionOf(status, 'Complete')).toMatchObject({ status: 'False' })
})

test('what keeps an agent from starting is told in words, and the deadline ends the waiting', async () => {
  const nodeSelector = await scene.nodes('stuck', {
    crash: { does: 'notStart', because: 'CrashLoopBackOff' },
    image: { does: 'notStart', because: 'ErrImagePull' },
    kubelet: { does: 'notAnswer' },
    memory: { does: 'notStart', because: 'OOMKilled' },
    secret: { does: 'notStart', because: 'CreateContainerConfigError' },
    silent: { does: 'nothing' },
    well: TRACES,
  })
  await scene.apply('stuck', { nodeSelector, durationSeconds: 2, startDeadlineSeconds: 5 })
  const { nodes, failures } = await scene.ended({ name: 'stuck' })
  expect(nodes).toMatchObject({ desired: 7, completed: 1, failed: 6 })
  expect(failures?.map(({ node, reason }) => [node, reason])).toEqual([
    ['stuck-crash', 'AgentCrashing'],
    ['stuck-image', 'ImagePullFailed'],
    ['stuck-kubelet', 'NodeNotStarted'],
    ['stuck-memory', 'AgentOutOfMemory'],
    ['stuck-secret', 'AgentNotCreated'],
    ['stuck-silent', 'NodeNotStarted'],
  ])
  expect(failures?.[0].message).toContain('this kernel has no BTF')
  expect(failures?.[1].message).toContain('not found')
  const reports = await scene.reports({ name: 'stuck' })
  await until('no agent may begin any more', async () => {
    const unfinished = (await scene.reports({ name: 'stuck' })).filter(
      ({ status }) => status.state === 'Pending',
    )
    return unfinished.length === 6 && unfinished.every(({ spec }) => spec.durationSeconds === 0)
  })
  expect(reports).toHaveLength(7)
})

test('no node that matches', async () => {
  await scene.apply('nobody', {
    nodeSelector: { group: 'nobody' },
    durationSeconds: 2,
    startDeadlineSeconds: 2,
  })
  const status = await scene.ended({ name: 'nobody' })
  expect(status).toMatchObject({ state: 'Failed', nodes: { desired: 0, summary: '0/0' } })
  expect(conditionOf(status, 'Failed')).toMatchObject({ status: 'True', reason: 'NoMatchingNodes' })
})

test('a program that this release can not run', async () => {
  const program = {
    source: { inline: 'int f() { return 0; }', attach: [{ kprobe: 'x', function: 'f' }], output: 'Perf' },
  }
  const job = await scene.apply('own', { scope: 'Cluster', program })
  const status = await scene.ended({ name: 'own' })
  expect(conditionOf(status, 'Accepted')).toMatchObject({ status: 'False', reason: 'ProgramUnsupported' })
  expect(status.state).toBe('Failed')
  expect(await scene.daemonSets(job.metadata.uid!)).toEqual([])
})

test('a quota that lets nothing be created stands in the status, is not run against, and is seen to be lifted', async () => {
  const nodeSelector = await scene.nodes('quota', { a: TRACES })
  const name = 'no-daemonsets'
  await scene.kubectl('create', 'quota', name, '-n', OWN_NAMESPACE, '--hard=count/daemonsets.apps=0')
  await until('the quota is in force', async () =>
    (await scene.kubectl('get', 'quota', name, '-n', OWN_NAMESPACE, '-o=jsonpath={.status.hard}')).includes(
      '0',
    ),
  )
  await scene.apply('quota', { nodeSelector, durationSeconds: 2 })
  const status = await scene.says(
    { name: 'quota' },
    'is refused',
    status => conditionOf(status, 'Tracing')?.reason === 'ApiRefused',
  )
  expect(conditionOf(status, 'Tracing')!.message).toContain('exceeded quota')
  const tries = () =>
    scene.writes().filter(({ verb, resource }) => verb === 'create' && resource === 'daemonsets')
  const before = tries().length
  await new Promise(resolve => setTimeout(resolve, 5000))
  expect(tries().length - before).toBeLessThan(12)
  await scene.kubectl('delete', 'quota', name, '-n', OWN_NAMESPACE)
  expect(await scene.ended({ name: 'quota' })).toMatchObject({ state: 'Completed' })
})

test('a node that goes away in the middle', async () => {
  const nodeSelector = await scene.nodes('lost', { a: TRACES, b: TRACES })
  await scene.apply('lost', { nodeSelector, durationSeconds: 5, startDeadlineSeconds: 5 })
  await scene.says({ name: 'lost' }, 'both trace', ({ nodes }) => nodes?.tracing === 2)
  await scene.fleet.removeNode('lost-b')
  // It takes the controllers up to a minute to believe it.
  const status = await scene.says({ name: 'lost' }, 'has ended', ({ completionTime }) => completionTime, 240)
  expect(status).toMatchObject({
    state: 'Completed',
    nodes: { desired: 2, completed: 1, failed: 1 },
    failures: [{ node: 'lost-b', reason: 'NodeLost' }],
  })
})
