/** What people may do once the chart is installed, by the built-in roles and by its own. */
import { beforeAll, describe, expect, test } from 'vitest'
import { until } from '../kernel/poll.ts'
import { ChartScene, type Person } from './chart-scene.ts'

let here: ChartScene
let jane: Person
beforeAll(async () => {
  here = await ChartScene.open({ without: ['kube-scheduler'] })
  await here.namespaces('team-a', 'team-b')
  await here.install()
  await here.kubectl('create', 'rolebinding', 'jane', '-n', 'team-a', '--clusterrole=edit', '--user=jane')
  jane = await here.user('jane')
  await until('the editors have their rights', () => jane.may('create', 'tracejobs', '-n', 'team-a'))
  await until('the policies are in force', async () => {
    return (await jane.kubectl(['create', '--dry-run=server', '-f', '-'], aJob('probe', CLUSTER))).code !== 0
  })
  return () => here[Symbol.asyncDispose]()
})

const CLUSTER = { scope: 'Cluster' }
const SOURCE = {
  program: { source: { inline: 'int f;', attach: [{ kprobe: 'do_exit', function: 'f' }], output: 'Perf' } },
}

const aJob = (name: string, spec: object = {}, namespace = 'team-a') => ({
  apiVersion: 'tracejob.dev/v1alpha1',
  kind: 'TraceJob',
  metadata: { name, namespace },
  spec,
})

const FORBIDDEN =
  'Error from server (Forbidden): error when creating "STDIN": tracejobs.tracejob.dev "a" is forbidden: '
const BY_POLICY =
  "ValidatingAdmissionPolicy 'tracejob-tracejobs' with binding 'tracejob-tracejobs' denied request: "

describe('an editor of a namespace', () => {
  test('asks about it, and reads the answer', async () => {
    expect(await jane.create(aJob('mine'))).toMatchObject({ code: 0 })
    await here.cluster.apply(aReport('mine.node-1'))
    const read = await jane.kubectl(['get', 'tj,tr', '-n', 'team-a', '-o', 'name'])
    expect(read.stdout.split('\n')).toEqual(
      expect.arrayContaining(['tracejob.tracejob.dev/mine', 'tracereport.tracejob.dev/mine.node-1']),
    )
    expect(await jane.kubectl(['delete', 'tj', 'mine', '-n', 'team-a'])).toMatchObject({ code: 0 })
  })

  test.each([
    [
      'scope Cluster',
      CLUSTER,
      'jane may not use scope Cluster, which traces every pod and the nodes themselves: use scope Namespace, or ask for a ClusterRoleBinding to tracejob-cluster-tracer (the verb trace-cluster on tracejobs)',
    ],
    [
      'program.source',
      SOURCE,
      'jane may not use program.source, which runs any C in the kernels of the nodes: use program.openat, or ask for a ClusterRoleBinding to tracejob-source-tracer (the verb trace-source on tracejobs)',
    ],
  ])('is told in one sentence why not %s', async (_, spec, sentence) => {
    expect((await jane.create(aJob('a', spec))).stderr).toBe(`${FORBIDDEN}${BY_POLICY}${sentence}\n`)
  })

  test('may not take the scope in an edit either', async () => {
    await jane.create(aJob('edited'))
    const patch = [
      'patch',
      'tj',
      'edited',
      '-n',
      'team-a',
      '--type=merge',
      '-p',
      '{"spec":{"scope":"Cluster"}}',
    ]
    expect((await jane.kubectl(patch)).stderr).toContain('can not be changed')
  })

  test("labels and deletes a cluster-tracer's, whose spec is not the editor's to ask for", async () => {
    await here.cluster.apply(aJob('theirs', CLUSTER))
    const label = ['label', 'tj', 'theirs', '-n', 'team-a', 'case=4711']
    expect(await jane.kubectl(label)).toMatchObject({ code: 0 })
    expect(await jane.kubectl(['delete', 'tj', 'theirs', '-n', 'team-a'])).toMatchObject({ code: 0 })
  })

  test.each([
    ['create tracejobs of another namespace', ['create', 'tracejobs', '-n', 'team-b']],
    ['read reports of another namespace', ['list', 'tracereports', '-n', 'team-b']],
    ['write the answer', ['patch', 'tracejobs', '--subresource=status', '-n', 'team-a']],
    ['write what a node says', ['patch', 'tracereports', '--subresource=status', '-n', 'team-a']],
    ['make up a node', ['create', 'tracereports', '-n', 'team-a']],
    ['change what a node is asked', ['patch', 'tracereports', '-n', 'team-a']],
    ['take a report away', ['delete', 'tracereports', '-n', 'team-a']],
    ['read the logs of the agents', ['get', 'pods', '--subresource=log', '-n', 'tracejob']],
  ])('may not %s', async (_, words) => {
    expect(await jane.may(...words)).toBe(false)
  })
})

test('a viewer reads, and writes nothing', async () => {
  await here.kubectl('create', 'rolebinding', 'vera', '-n', 'team-a', '--clusterrole=view', '--user=vera')
  const vera = await here.user('vera')
  const may = (verb: string) => vera.may(verb, 'tracejobs', '-n', 'team-a')
  await until('viewers have their rights', () => may('get'))
  expect(await vera.may('list', 'tracereports', '-n', 'team-a')).toBe(true)
  for (const verb of ['create', 'update', 'patch', 'delete']) expect(await may(verb)).toBe(false)
})

describe('a cluster-tracer', () => {
  test('traces the whole cluster, from any namespace', async () => {
    const words = [
      'create',
      'clusterrolebinding',
      'tom',
      '--clusterrole=tracejob-cluster-tracer',
      '--user=tom',
    ]
    await here.kubectl(...words)
    const tom = await here.user('tom')
    for (const namespace of ['team-a', 'team-b'])
      expect(await tom.create(aJob('whole', CLUSTER, namespace))).toMatchObject({ code: 0 })
    expect((await tom.create(aJob('a', SOURCE))).stderr).toContain('tom may not use program.source')
  })

  test('of one namespace only is none', async () => {
    const role = '--clusterrole=tracejob-cluster-tracer'
    await here.kubectl('create', 'rolebinding', 'ute', '-n', 'team-a', role, '--user=ute')
    const ute = await here.user('ute')
    expect(await ute.create(aJob('hers'))).toMatchObject({ code: 0 })
    expect((await ute.create(aJob('a', CLUSTER))).stderr).toContain('ute may not use scope Cluster')
  })
})

test('a source-tracer who is also an editor runs C, and does not trace the whole cluster by it', async () => {
  await here.kubectl('create', 'rolebinding', 'sam', '-n', 'team-a', '--clusterrole=admin', '--user=sam')
  await here.kubectl(
    'create',
    'clusterrolebinding',
    'sam',
    '--clusterrole=tracejob-source-tracer',
    '--user=sam',
  )
  const sam = await here.user('sam')
  await until('admins have their rights', () => sam.may('create', 'tracejobs', '-n', 'team-a'))
  expect(await sam.create(aJob('own', SOURCE))).toMatchObject({ code: 0 })
  expect((await sam.create(aJob('a', { ...SOURCE, ...CLUSTER }))).stderr).toContain(
    'sam may not use scope Cluster',
  )
})

const aReport = (name: string) => ({
  apiVersion: 'tracejob.dev/v1alpha1',
  kind: 'TraceReport',
  metadata: { name, namespace: 'team-a', labels: { 'tracejob.dev/job': 'mine' } },
  spec: { nodeName: 'node-1' },
})
