/** Objects that another schema let in, by an older or newer release or by nobody's: they hold up nobody but themselves. */
import { beforeAll, expect, test } from 'vitest'
import { TRACE_JOBS, TRACE_REPORTS } from '../../crds/resources.ts'
import type { KubeObject } from '../../kube/object.ts'
import { TRACES } from '../fleet/behaviour.ts'
import { until } from '../kernel/poll.ts'
import type { Operator } from './operator-process.ts'
import { conditionOf, OperatorScene } from './operator-scene.ts'

const DEFINITIONS = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
}
type Definition = KubeObject & { spec: { versions: { schema: object; selectableFields?: unknown }[] } }

/** From now on the API server takes everything for such an object. */
async function loosen(name: string): Promise<void> {
  const definition = await scene.client.get<Definition>(DEFINITIONS, { name })
  const [{ selectableFields: _, ...version }] = definition.spec.versions
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  const versions = [{ ...version, schema: { openAPIV3Schema } }]
  await scene.client.replace(DEFINITIONS, { ...definition, spec: { ...definition.spec, versions } })
}

let scene: OperatorScene
let operator: Operator
beforeAll(async () => {
  scene = await OperatorScene.open()
  for (const name of ['tracejobs.tracejob.dev', 'tracereports.tracejob.dev']) await loosen(name)
  await until('everything is taken', () =>
    scene.client.create(TRACE_JOBS, { metadata: { name: 'no-spec', namespace: 'default' } }).then(
      () => true,
      () => false,
    ),
  )
  operator = await scene.operator().leading()
  return async () => {
    await operator[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  }
})

const LONG_NAME = `very-${'long-'.repeat(18)}name`

const POISON: [string, object][] = [
  ['text', { spec: 'everything' }],
  ['number', { spec: 42 }],
  ['null', { spec: null }],
  ['future', { spec: { durationSeconds: 2, fromTheFuture: { deep: [1, 2, 3] } } }],
  ['past', { spec: { seconds: 2 } }],
  ['wrong-types', { spec: { durationSeconds: '2s', filter: [], tolerations: {}, nodeSelector: 7 } }],
  ['odd-status', { spec: { durationSeconds: 'x' }, status: { conditions: 'all', failures: 7, nodes: [] } }],
  [
    'dotted.name',
    { spec: { nodeSelector: { group: 'nobody' }, durationSeconds: 1, startDeadlineSeconds: 1 } },
  ],
  [LONG_NAME, { spec: { nodeSelector: { group: 'nobody' }, durationSeconds: 1, startDeadlineSeconds: 1 } }],
]

test('a good TraceJob among them is traced as if they were not there', async () => {
  for (const [name, rest] of POISON)
    await scene.client.create(TRACE_JOBS, { metadata: { name, namespace: 'default' }, ...rest } as KubeObject)
  const nodeSelector = await scene.nodes('good', { a: TRACES, b: TRACES })
  await scene.apply('good', { nodeSelector, durationSeconds: 3 })
  expect(await scene.ended({ name: 'good' })).toMatchObject({ state: 'Completed', nodes: { completed: 2 } })
})

test.each(POISON.slice(0, 7))('%s is refused in words, in its own status', async name => {
  const status = await scene.ended({ name })
  expect(status.state).toBe('Failed')
  const accepted = conditionOf(status, 'Accepted')
  expect(accepted).toMatchObject({ status: 'False', reason: 'SpecInvalid' })
  expect(accepted!.message).toContain('spec')
})

test('names the field that it does not know', async () => {
  const status = await scene.ended({ name: 'future' })
  expect(conditionOf(status, 'Accepted')!.message).toContain('spec.fromTheFuture')
})

test('a name that no label can hold is refused by the API server, and that is said', async () => {
  const status = await scene.says({ name: LONG_NAME }, 'is refused', ({ conditions }) => conditions)
  expect(JSON.stringify(status.conditions)).toMatch(/must be no more than 63|ApiRefused/)
})

test.each<[string, unknown]>([
  ['a state that nobody knows', { state: 'Dreaming' }],
  ['counts that are none', { state: 'Tracing', startTime: 'soon', ledger: 'lots', top: { files: 3 } }],
  ['text', 'fine, thanks'],
  ['nothing', null],
])('a report that says %s leaves the others as they are', async (what, status) => {
  const name = `odd-report-${what.split(' ').at(-1)}`
  const nodeSelector = await scene.nodes(name, { a: TRACES, b: { does: 'nothing' } })
  await scene.apply(name, { nodeSelector, durationSeconds: 6, startDeadlineSeconds: 4 })
  await scene.says({ name }, 'one traces', ({ nodes }) => nodes?.tracing === 1)
  const report = { namespace: 'default', name: `${name}.${name}-b` }
  await scene.client.merge(TRACE_REPORTS, report, { status }, { subresource: 'status' })
  expect(await scene.says({ name }, 'has ended', ({ completionTime }) => completionTime, 180)).toMatchObject({
    state: 'Completed',
    nodes: { desired: 2, completed: 1, failed: 1 },
    failures: [{ node: `${name}-b` }],
  })
})

test('nothing of it was a defect', () => {
  expect(operator.log.filter(({ level }) => level >= 50)).toEqual([])
})
