/** A release beside what others have put into the cluster: definitions, and another release. */
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { KubeObject } from '../../kube/object.ts'
import { HOUSE } from '../chart/helm.ts'
import type { ProgramFailed } from '../cluster/failures.ts'
import { until } from '../kernel/poll.ts'
import { startOperator } from './chart-processes.ts'
import { ChartScene } from './chart-scene.ts'

let here: ChartScene
beforeAll(async () => {
  here = await ChartScene.open()
  await here.namespaces('team-a', 'team-b', 'team-c')
  await here.cluster.fakeNodes(1)
  return () => here[Symbol.asyncDispose]()
})

const NO_DEFINITIONS = 'crds.install=false'

describe('definitions that are there already', () => {
  afterEach(async () => {
    await here.helm('uninstall', 'tracejob', '--namespace', 'tracejob', '--wait')
    await here.kubectl('delete', 'crd', 'tracejobs.tracejob.dev', 'tracereports.tracejob.dev')
  })

  const applied = async () => {
    const files = ['tracejobs', 'tracereports'].flatMap(name => ['-f', join(HOUSE, 'crds', `${name}.yaml`)])
    await here.kubectl('apply', '--server-side', ...files)
  }

  test('by hand, are left alone, unless the release is told to take them or to do without', async () => {
    await applied()
    const refused = await here.install().catch((error: ProgramFailed) => error.message)
    expect(refused).toContain('CustomResourceDefinition "tracejobs.tracejob.dev"')
    expect(refused).toContain('invalid ownership metadata')
    await here.install({ set: [NO_DEFINITIONS] })
    await here.uninstall()
    await here.install({}, '--take-ownership', '--force-conflicts')
  })

  test('by another release, are left alone, unless it is told to take them', async () => {
    await here.install({ name: 'former', namespace: 'tracing' })
    await here.uninstall({ name: 'former', namespace: 'tracing' })
    const refused = await here.install().catch((error: ProgramFailed) => error.message)
    expect(refused).toContain(
      'key "meta.helm.sh/release-name" must equal "tracejob": current value is "former"',
    )
    await here.install({}, '--take-ownership')
  })
})

const aJob = (namespace: string) => ({
  apiVersion: 'tracejob.dev/v1alpha1',
  kind: 'TraceJob',
  metadata: { name: 'job', namespace },
  spec: {},
})

/** Where there are agents, and of whose jobs. */
async function agents(): Promise<string[]> {
  const { items } = await here.get<{ items: KubeObject[] }>('daemonsets', '-A')
  return items.map(
    ({ metadata: { namespace, labels = {} } }) => `${namespace}: ${labels['tracejob.dev/job-namespace']}`,
  )
}

describe('two releases of one name', () => {
  const one = { namespace: 'one', set: ['operator.watchNamespaces={team-a}'] }
  const two = { namespace: 'two', set: [NO_DEFINITIONS, 'operator.watchNamespaces={team-b}'] }

  test('each trace what is theirs', async () => {
    await here.install(one)
    await here.install(two)
    await using first = await startOperator(here, one)
    await using second = await startOperator(here, two)
    await here.cluster.apply(...['team-a', 'team-b', 'team-c'].map(aJob))
    await until('both have agents', async () => (await agents()).length === 2)
    expect((await agents()).sort()).toEqual(['one: team-a', 'two: team-b'])
    for (const team of ['team-a', 'team-b'])
      await until(`there is a report in ${team}`, async () => {
        return (await here.kubectl('get', 'tr', '-n', team, '-o', 'name')) !== ''
      })
    for (const { stderr } of [first, second]) expect(stderr).not.toMatch(/"level":[456]0/)
  })

  test("can't reach the other's", async () => {
    const operator = await here.account('one', 'tracejob-operator')
    expect(await operator.may('list', 'tracejobs', '-n', 'team-a')).toBe(true)
    expect(await operator.may('list', 'tracejobs', '-n', 'team-b')).toBe(false)
    expect(await operator.may('list', 'daemonsets.apps', '-n', 'two')).toBe(false)
    const agent = await here.account('one', 'tracejob-agent')
    expect(await agent.may('patch', 'tracereports', '--subresource=status', '-n', 'team-a')).toBe(true)
    expect(await agent.may('list', 'tracereports', '-n', 'team-b')).toBe(false)
  })

  test('never watch one namespace', async () => {
    const words = { ...two, set: [NO_DEFINITIONS, 'operator.watchNamespaces={team-b,team-a}'] }
    await expect(here.upgrade(words)).rejects.toThrow(
      /RoleBinding.* in namespace "team-a" exists and cannot be imported/,
    )
  })

  test('lose a namespace whose ruler takes it away, and no other; given back, it is looked at', async () => {
    const both = { ...two, set: [NO_DEFINITIONS, 'operator.watchNamespaces={team-b,team-c}'] }
    await here.upgrade(both)
    await here.kubectl('delete', 'rolebinding', 'tracejob-operator-here', '-n', 'team-b')
    await using second = await startOperator(here, two)
    await second.until('the other has an agent', async () => (await agents()).includes('two: team-c'))
    expect(await agents()).toContain('two: team-b')
    await here.cluster.apply({ ...aJob('team-b'), metadata: { name: 'later', namespace: 'team-b' } })
    await here.upgrade(both)
    await second.until('there is an agent of the new job', async () => (await agents()).length === 4)
  })

  test('one goes, the other stays', async () => {
    await here.uninstall(two)
    await until('its agents are gone', async () => (await agents()).length === 1)
    expect(await agents()).toEqual(['one: team-a'])
    await using first = await startOperator(here, one)
    await here.kubectl('delete', 'tj', 'job', '-n', 'team-a')
    await first.until('its agents are gone', async () => (await agents()).length === 0)
  })
})
