/** What the tokens of the chart's accounts are good for. */
import { beforeAll, describe, expect, test } from 'vitest'
import { TRACE_REPORTS } from '../../crds/resources.ts'
import type { KubeObject } from '../../kube/object.ts'
import { until } from '../kernel/poll.ts'
import { ChartScene, type Person } from './chart-scene.ts'

let here: ChartScene
/** On the first node. */
let agent: Person
let operator: Person
beforeAll(async () => {
  here = await ChartScene.open({ without: ['kube-scheduler'] })
  await here.namespaces('team-a')
  await here.install()
  const nodes = await here.cluster.fakeNodes(2)
  await here.cluster.apply(...nodes.map(agentPodOn), ...nodes.map(aReportOf))
  agent = await here.account('tracejob', 'tracejob-agent', { pod: 'agent-fake-1' })
  operator = await here.account('tracejob', 'tracejob-operator')
  await until('the policies are in force', async () => {
    return (await reports(await unbound(), 'fake-1')).status === 403
  })
  return () => here[Symbol.asyncDispose]()
})

const agentPodOn = (nodeName: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `agent-${nodeName}`, namespace: 'tracejob' },
  spec: {
    nodeName,
    serviceAccountName: 'tracejob-agent',
    containers: [{ name: 'agent', image: 'registry.invalid/agent:0' }],
    tolerations: [{ operator: 'Exists' }],
  },
})

const aReportOf = (nodeName: string) => ({
  apiVersion: 'tracejob.dev/v1alpha1',
  kind: 'TraceReport',
  metadata: { name: `job.${nodeName}`, namespace: 'team-a' },
  spec: { nodeName },
})

/** Whoever has the right to ask for an agent's token, and is on no node. */
const unbound = (): Promise<Person> => here.account('tracejob', 'tracejob-agent')

const reportStatus = (node: string) => ({
  namespace: 'team-a',
  name: `job.${node}`,
  subresource: 'status',
})

const TRACING = { status: { state: 'Tracing' } }

/** Writes that the node traces, with those credentials. */
const reports = (who: Person, node: string) => who.patch(TRACE_REPORTS, reportStatus(node), TRACING)

describe('the token of an agent', () => {
  test('writes the status of its own node, and of no other', async () => {
    expect(await reports(agent, 'fake-1')).toMatchObject({ status: 200 })
    expect(await reports(agent, 'fake-2')).toEqual({
      status: 403,
      message: expect.stringMatching(
        /: an agent writes only the reports of its own node: this one is of fake-2, the token of fake-1$/,
      ),
    })
  })

  test('that is bound to no node writes nothing', async () => {
    const { status, message } = await reports(await unbound(), 'fake-1')
    expect(status).toBe(403)
    expect(message).toMatch(/: this one is of fake-1, the token of no node$/)
  })

  test('writes nothing beside the status by way of the status', async () => {
    const patch = {
      metadata: { labels: { stolen: 'yes' }, finalizers: ['example.dev/stuck'] },
      spec: { durationSeconds: 0 },
      status: { state: 'Completed' },
    }
    expect(await agent.patch(TRACE_REPORTS, reportStatus('fake-1'), patch)).toMatchObject({ status: 200 })
    const report = await here.get<KubeObject & { spec: object }>('tr', 'job.fake-1', '-n', 'team-a')
    expect(report).toMatchObject({ spec: { nodeName: 'fake-1' }, status: { state: 'Completed' } })
    expect(report.spec).not.toHaveProperty('durationSeconds')
    expect(report.metadata).not.toHaveProperty('labels')
    expect(report.metadata).not.toHaveProperty('finalizers')
  })

  test('does not make the report of another node its own', async () => {
    const stolen = { spec: { nodeName: 'fake-1' }, ...TRACING }
    expect(await agent.patch(TRACE_REPORTS, reportStatus('fake-2'), stolen)).toMatchObject({ status: 403 })
    const { subresource, ...whole } = reportStatus('fake-1')
    expect(await agent.patch(TRACE_REPORTS, whole, stolen)).toMatchObject({ status: 403 })
  })

  test('ends with its pod', async () => {
    await here.cluster.apply({ ...agentPodOn('fake-1'), metadata: { name: 'short', namespace: 'tracejob' } })
    const short = await here.account('tracejob', 'tracejob-agent', { pod: 'short' })
    expect(await short.kubectl(['get', 'tr', '-n', 'team-a'])).toMatchObject({ code: 0 })
    await here.kubectl('delete', 'pod', 'short', '-n', 'tracejob', '--now')
    await until('the token is refused', async () => {
      return (await short.kubectl(['get', 'tr', '-n', 'team-a'])).stderr.includes('Unauthorized')
    })
  })
})

/** Verb, resource, and where; `*` for everywhere. */
type Right = [verb: string, resource: string, namespace: string]

const has = async (who: Person, [verb, resource, namespace]: Right) => {
  const [plural, subresource] = resource.split('/')
  const where = namespace === '*' ? ['--all-namespaces'] : ['-n', namespace]
  return who.may(verb, plural, ...where, ...(subresource ? [`--subresource=${subresource}`] : []))
}

describe('an agent', () => {
  test.each<Right>([
    ['list', 'pods', '*'],
    ['watch', 'namespaces', '*'],
    ['watch', 'tracereports', '*'],
  ])('may %s %s', async (...right) => {
    expect(await has(agent, right)).toBe(true)
  })

  test.each<Right>([
    ['get', 'secrets', 'tracejob'],
    ['get', 'configmaps', 'tracejob'],
    ['list', 'nodes', '*'],
    ['get', 'pods/log', 'tracejob'],
    ['create', 'pods', 'tracejob'],
    ['get', 'daemonsets.apps', 'tracejob'],
    ['list', 'tracejobs', 'team-a'],
    ['create', 'tracereports', 'team-a'],
    ['patch', 'tracereports', 'team-a'],
    ['delete', 'tracereports', 'team-a'],
    ['create', 'events.events.k8s.io', 'team-a'],
    ['create', 'serviceaccounts/token', 'tracejob'],
  ])('may not %s %s', async (...right) => {
    expect(await has(agent, right)).toBe(false)
  })
})

describe('the operator', () => {
  test.each<Right>([
    ['get', 'secrets', 'tracejob'],
    ['get', 'configmaps', 'tracejob'],
    ['list', 'nodes', '*'],
    ['list', 'pods', 'team-a'],
    ['create', 'pods', 'tracejob'],
    ['get', 'pods/log', 'tracejob'],
    ['create', 'daemonsets.apps', 'team-a'],
    ['update', 'deployments.apps', 'tracejob'],
    ['create', 'tracejobs', 'team-a'],
    ['patch', 'tracejobs', 'team-a'],
    ['trace-cluster', 'tracejobs', '*'],
    ['patch', 'tracereports/status', 'team-a'],
    ['create', 'serviceaccounts/token', 'tracejob'],
    ['create', 'clusterrolebindings', '*'],
  ])('may not %s %s', async (...right) => {
    expect(await has(operator, right)).toBe(false)
  })
})
