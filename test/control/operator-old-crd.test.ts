/** CustomResourceDefinitions of an older release, as Helm leaves them: what they have no place for is left out, and all else is said. */
import { beforeAll, expect, test } from 'vitest'
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
interface Schema {
  properties?: Record<string, Schema>
  items?: Schema
}
type Definition = KubeObject & {
  spec: {
    versions: { schema: { openAPIV3Schema: Schema }; additionalPrinterColumns: { jsonPath: string }[] }[]
  }
}

/** What a release before this one did not have, by kind. */
const LATER: Record<string, string[][]> = {
  'tracejobs.tracejob.dev': [['top'], ['nodes', 'summary'], ['failures', 'message']],
  'tracereports.tracejob.dev': [['selfTest']],
}

async function makeOld(name: string): Promise<Definition> {
  const definition = await scene.client.get<Definition>(DEFINITIONS, { name })
  const old = structuredClone(definition)
  for (const path of LATER[name]!)
    remove(old.spec.versions[0]!.schema.openAPIV3Schema.properties!.status!, path)
  await scene.client.replace(DEFINITIONS, old)
  return definition
}

function remove({ properties, items }: Schema, [field, ...below]: readonly string[]): void {
  if (!properties) remove(items!, [field!, ...below])
  else if (below.length > 0) remove(properties[field!]!, below)
  else delete properties[field!]
}

let scene: OperatorScene
let operator: Operator
const definitions: Definition[] = []
beforeAll(async () => {
  scene = await OperatorScene.open()
  for (const name of Object.keys(LATER)) definitions.push(await makeOld(name))
  await until('the schema is the old one', async () => {
    const fields = await scene.kubectl('explain', 'tracejob.status')
    return !/^ {2}top\b/m.test(fields)
  })
  operator = await scene.operator().leading()
  return async () => {
    await operator[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  }
})

/** As the API server answered an apply that it had no place for. */
const refused = () => scene.proxy.requests.filter(({ status }) => status === 500)

test('a trace goes its way, and its status says all that there is a place for', async () => {
  const nodeSelector = await scene.nodes('old', {
    a: TRACES,
    b: { does: 'fail', reason: 'BtfMissing', message: 'This kernel has no BTF.' },
  })
  await scene.apply('old', { nodeSelector, durationSeconds: 3 })
  const status = await scene.ended({ name: 'old' })
  expect(status).toMatchObject({
    state: 'Completed',
    nodes: { desired: 2, completed: 1, failed: 1 },
    failures: [{ node: 'old-b', reason: 'BtfMissing' }],
  })
  expect(conditionOf(status, 'Complete')).toMatchObject({ status: 'True', reason: 'SomeNodesFailed' })
  expect(status.events!.observed).toBeGreaterThan(0)
  expect(status).not.toHaveProperty('top')
  expect(operator.log.filter(({ level }) => level >= 50)).toEqual([])
  expect(operator.stderr).toContain('the schema lacks them')
})

test('that is found out once, and not with each write', async () => {
  const before = refused().length
  expect(before).toBeGreaterThan(0)
  expect(before).toBeLessThan(10)
  await scene.apply('old-again', { nodeSelector: { group: 'old' }, durationSeconds: 3 })
  await scene.ended({ name: 'old-again' })
  expect(refused().length).toBe(before)
  const writes = () => scene.writes().filter(({ resource }) => resource === 'tracejobs').length
  const calm = writes()
  await new Promise(resolve => setTimeout(resolve, 5000))
  expect(writes()).toBe(calm)
})

test('brought up to date, they are told everything', async () => {
  await scene.apply('updated', { nodeSelector: { group: 'old' } })
  await scene.tracing({ name: 'updated' })
  for (const { metadata, spec } of definitions)
    await scene.client.merge(DEFINITIONS, { name: metadata.name }, { spec })
  await operator[Symbol.asyncDispose]()
  operator = await scene.operator().leading()
  await scene.says({ name: 'updated' }, 'tells the most frequent', ({ top }) => top?.files?.length)
})
