/**
 * Another manager that claims, by server-side apply and force, what is the operator's: it is answered, in measure, and in the end all is
 * as the operator says. And caches that are behind when a TraceJob is deleted and comes again under its name.
 */
import { beforeAll, expect, test } from 'vitest'
import { LABELS } from '../../crds/labels.ts'
import { DAEMON_SETS } from '../../kube/resource.ts'
import type { Rule } from '../faults/rules.ts'
import { TRACES } from '../fleet/behaviour.ts'
import { until } from '../kernel/poll.ts'
import { type Operator, OWN_NAMESPACE } from './operator-process.ts'
import { type DaemonSet, OperatorScene } from './operator-scene.ts'

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

const FIGHT_MS = 10_000

/** `kubectl apply --server-side --force-conflicts` again and again; returns how often it was done. */
async function claim(object: object, ...words: string[]): Promise<number> {
  const end = performance.now() + FIGHT_MS
  let done = 0
  while (performance.now() < end) {
    const args = ['apply', '--server-side', '--force-conflicts', '--field-manager=rival', ...words, '-f', '-']
    const { code, stderr } = await scene.cluster.kubectl(args, { stdin: JSON.stringify(object) })
    if (code !== 0 && !/conflict|NotFound|modified/i.test(stderr)) throw new Error(stderr)
    if (code === 0) done++
  }
  return done
}

/** The DaemonSet that was fought over first, as it was before. */
let fought: DaemonSet

test('the fields of a DaemonSet, claimed by force again and again', async () => {
  const nodeSelector = await scene.nodes('claimed', { a: TRACES, b: TRACES })
  const job = await scene.apply('claimed', { nodeSelector })
  await scene.says({ name: 'claimed' }, 'both nodes trace', ({ nodes }) => nodes?.tracing === 2)
  fought = (await scene.daemonSets(job.metadata.uid!))[0]!
  const { name } = fought.metadata
  const container = { name: 'agent', image: 'registry.invalid/rival:9' }
  const rival = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: OWN_NAMESPACE, labels: { [LABELS.job]: 'rival' } },
    spec: { template: { spec: { nodeSelector: { group: 'nowhere' }, containers: [container] } } },
  }
  const began = performance.now()
  const claims = await claim(rival)
  const answers = scene.writes(began).filter(write => write.resource === 'daemonsets' && write.name === name)
  expect(claims).toBeGreaterThan(10)
  expect(answers.length).toBeGreaterThanOrEqual(1)
  expect(answers.length).toBeLessThanOrEqual(6)
  // Nothing else is drawn into it but its status, at a status's pace.
  expect(scene.writes(began).length).toBeLessThan(60)
})

test('the fields of a status, claimed by force again and again', async () => {
  const nodeSelector = await scene.nodes('slandered', { a: TRACES })
  await scene.apply('slandered', { nodeSelector })
  await scene.tracing({ name: 'slandered' })
  const condition = {
    type: 'Complete',
    status: 'False',
    reason: 'Rival',
    message: 'It is mine.',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  }
  const rival = {
    apiVersion: 'tracejob.dev/v1alpha1',
    kind: 'TraceJob',
    metadata: { name: 'slandered', namespace: 'default' },
    status: { state: 'Pending', startTime: '2020-01-01T00:00:00Z', conditions: [condition] },
  }
  const began = performance.now()
  const claims = await claim(rival, '--subresource=status')
  const answers = scene
    .writes(began)
    .filter(({ resource, name }) => resource === 'tracejobs' && name === 'slandered')
  expect(claims).toBeGreaterThan(10)
  expect(answers.length).toBeLessThanOrEqual(FIGHT_MS / 2000 + 2)
  const status = await scene.tracing({ name: 'slandered' })
  expect(JSON.stringify(status)).not.toContain('Rival')
  await scene.kubectl('delete', 'tj/slandered')
})

test.each([
  'tracejobs',
  'daemonsets',
  'pods',
  'tracereports',
])('deleted and back under its name while nothing is heard of %s', async resource => {
  const name = `again-${resource}`
  const nodeSelector = await scene.nodes(name, { a: TRACES, b: TRACES })
  const first = await scene.apply(name, { nodeSelector, durationSeconds: 600 })
  await scene.says({ name }, 'both nodes trace', ({ nodes }) => nodes?.tracing === 2)
  const rule = await goDeaf(resource)

  await scene.kubectl('delete', 'tj', name)
  const second = await scene.apply(name, { nodeSelector, durationSeconds: 3 })
  expect(second.metadata.uid).not.toBe(first.metadata.uid)
  // What the operator does now, it does by what is no longer true; it finds that out, and does no more.
  const deafMs = performance.now()
  await new Promise(resolve => setTimeout(resolve, 4000))
  expect(scene.writes(deafMs).length).toBeLessThan(15)
  rule[Symbol.dispose]()
  scene.proxy.dropConnections()

  const status = await scene.ended({ name })
  expect(status).toMatchObject({ state: 'Completed', nodes: { desired: 2, completed: 2, failed: 0 } })
  const reports = await scene.reports({ name })
  expect(reports.map(({ metadata }) => metadata.ownerReferences?.[0]?.uid)).toEqual(
    Array(2).fill(second.metadata.uid),
  )
  await until(
    'the first DaemonSet is gone',
    async () => (await scene.daemonSets(first.metadata.uid!)).length === 0,
  )
  expect(await scene.daemonSets(second.metadata.uid!)).toHaveLength(1)
  expect(operator.log.filter(({ level }) => level >= 50)).toEqual([])
  await scene.kubectl('delete', 'tj', name)
})

/** From then on the operator's watch of that kind is silent, until the rule is disposed of and connections are dropped. */
async function goDeaf(resource: string): Promise<Rule> {
  const rule = scene.proxy.inject({ does: 'stall', afterBytes: 0 }, { verb: 'watch', resource })
  scene.proxy.dropConnections()
  await until('the watch is silent', () => rule.hits > 0)
  return rule
}

test('a minute after the fight, the DaemonSet is put right for good', async () => {
  const { name } = fought.metadata
  const facts = ({ metadata, spec }: DaemonSet) => {
    const { template } = spec as { template: { spec: object } }
    return JSON.stringify([metadata.labels?.[LABELS.job], template.spec])
  }
  const place = { namespace: OWN_NAMESPACE, name }
  const read = () => scene.client.get<DaemonSet>(DAEMON_SETS, place)
  await until('it is as it was', async () => facts(await read()) === facts(fought), 120)
  await scene.says({ name: 'claimed' }, 'both nodes trace again', ({ nodes }) => nodes?.tracing === 2)
})
