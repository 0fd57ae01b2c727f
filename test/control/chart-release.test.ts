/** The life of a release: upgrade, rollback, uninstall and install again, with a job under way. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { KubeObject } from '../../kube/object.ts'
import { CHART } from '../chart/helm.ts'
import { until } from '../kernel/poll.ts'
import { startOperator } from './chart-processes.ts'
import { ChartScene } from './chart-scene.ts'

let here: ChartScene
/** A chart as it might have been before: another version, and a definition without the short name. */
let previous: string
beforeAll(async () => {
  await using stack = new AsyncDisposableStack()
  previous = await mkdtemp(join(tmpdir(), 'tracejob-previous-'))
  stack.defer(() => rm(previous, { recursive: true }))
  await cp(CHART, previous, { recursive: true })
  await edit('Chart.yaml', text => text.replace(/^version: .*/m, 'version: 0.0.9'))
  await edit('files/crds/tracejobs.yaml', text => text.replace(/ {4}shortNames:\n {6}- tj\n/, ''))
  here = stack.use(await ChartScene.open())
  await here.namespaces('team-a')
  await here.cluster.fakeNodes(1)
  await here.install({ chart: previous })
  const owned = stack.move()
  return () => owned.disposeAsync()
})

async function edit(name: string, change: (text: string) => string): Promise<void> {
  const path = join(previous, name)
  const text = await readFile(path, 'utf8')
  const changed = change(text)
  expect(changed).not.toBe(text)
  await writeFile(path, changed)
}

const aJob = {
  apiVersion: 'tracejob.dev/v1alpha1',
  kind: 'TraceJob',
  metadata: { name: 'long', namespace: 'team-a' },
  spec: {},
}

async function shortNames(): Promise<string[] | undefined> {
  const words = ['crd', 'tracejobs.tracejob.dev'] as const
  return (await here.get<{ spec: { names: { shortNames?: string[] } } }>(...words)).spec.names.shortNames
}

/** The job's DaemonSets and pods, by kind and uid. */
async function agents(): Promise<string[]> {
  const words = ['daemonsets,pods', '-n', 'tracejob', '-l', 'tracejob.dev/job=long'] as const
  const { items } = await here.get<{ items: KubeObject[] }>(...words)
  return items.map(({ kind, metadata }) => `${kind} ${metadata.uid}`).sort()
}

async function reports(): Promise<KubeObject[]> {
  return (await here.get<{ items: KubeObject[] }>('tr', '-n', 'team-a')).items
}

/** Everything of the release that is not in a namespace of its own, and what is there, by the chart's label. */
async function left(): Promise<string[]> {
  const kinds = [
    ...['customresourcedefinitions', 'clusterroles', 'clusterrolebindings', 'validatingadmissionpolicies'],
    ...['validatingadmissionpolicybindings', 'roles', 'rolebindings', 'serviceaccounts', 'services'],
    ...['deployments', 'daemonsets', 'pods', 'networkpolicies', 'poddisruptionbudgets', 'configmaps'],
  ]
  const words = ['-A', '-l', 'app.kubernetes.io/name=tracejob', '-o', 'name']
  const found = await here.kubectl('get', kinds.join(), ...words)
  return found.split('\n').filter(Boolean).sort()
}

async function agentImage(): Promise<string> {
  const words = [
    'daemonsets',
    '-n',
    'tracejob',
    '-o',
    'jsonpath={.items[*].spec.template.spec.containers[0].image}',
  ]
  return here.kubectl('get', ...words)
}

/** Its DaemonSet and its pod. */
async function startsAgents(): Promise<string[] | undefined> {
  const there = await agents()
  return there.length === 2 ? there : undefined
}

test('an upgrade brings the definitions and leaves agents alone; a rollback takes the definitions back', async () => {
  expect(await shortNames()).toBeUndefined()
  let running: string[]
  {
    await using operator = await startOperator(here)
    await here.cluster.apply(aJob)
    running = await operator.until('there is an agent', startsAgents)
  }
  await here.upgrade({ set: ['agent.image.tag=next'] })
  expect(await shortNames()).toEqual(['tj'])
  {
    await using operator = await startOperator(here)
    await operator.until('agents to come are the new ones', async () =>
      (await agentImage()).endsWith(':next'),
    )
    expect(await agents()).toEqual(running)
  }
  expect(await here.helm('rollback', 'tracejob', '1', '--namespace', 'tracejob')).toMatchObject({ code: 0 })
  expect(await shortNames()).toBeUndefined()
  expect(await agents()).toEqual(running)
  await here.upgrade()
})

test('to uninstall is to end what runs; the definitions and their objects stay, and so does the Lease', async () => {
  {
    await using operator = await startOperator(here)
    await operator.until('there is a report', async () => (await reports()).length === 1)
    await here.uninstall()
  }
  await until('the agents are gone', async () => (await agents()).length === 0)
  expect(await here.kubectl('get', 'tj,tr', '-n', 'team-a', '-o', 'name')).toBe(
    'tracejob.tracejob.dev/long\ntracereport.tracejob.dev/long.fake-1\n',
  )
  expect(await left()).toEqual([
    'customresourcedefinition.apiextensions.k8s.io/tracejobs.tracejob.dev',
    'customresourcedefinition.apiextensions.k8s.io/tracereports.tracejob.dev',
  ])
  const leases = ['get', 'lease', '-n', 'tracejob', '-o', 'name']
  expect(await here.kubectl(...leases)).toBe('lease.coordination.k8s.io/tracejob-operator\n')
})

test('installed again, it goes on with them', async () => {
  const before = await here.kubectl('get', 'tj', 'long', '-n', 'team-a', '-o', 'jsonpath={.metadata.uid}')
  await here.install()
  await using operator = await startOperator(here)
  await operator.until('there is an agent', startsAgents)
  expect(await here.kubectl('get', 'tj', 'long', '-n', 'team-a', '-o', 'jsonpath={.metadata.uid}')).toBe(
    before,
  )
})

test('where they are not to be kept, they go', async () => {
  await here.upgrade({ set: ['crds.keep=false'] })
  await here.uninstall()
  expect(await left()).toEqual([])
})
