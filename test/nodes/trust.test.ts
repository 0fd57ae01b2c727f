/** What the programs may do on a real node: their users, capabilities and tokens, as the kernel and the API server see them. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { TRACE_REPORTS } from '../../crds/resources.ts'
import { Person } from '../control/chart-scene.ts'
import { processesIn, read, statusField } from './processes.ts'
import { NodeScene } from './scene.ts'
import { Trace } from './trace.ts'
import { agentCapabilities, CAPABILITIES } from './values.ts'

const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token'
const NONE = '0'.repeat(16)
/** Of /proc/PID/status. */
const FILTERED_BY_SECCOMP = '2'

let here: NodeScene
/** One of each, in their containers. */
let operator: number
let agent: number
beforeAll(async () => {
  here = await NodeScene.open()
  await here.chart.namespaces('shop')
  await here.install()
  const trace = await Trace.begin(here, { name: 'long', namespace: 'shop' })
  await trace.tracing()
  agent = await trace.agentProcess()
  const words = ['pods', '-n', 'tracejob', '-l', 'app.kubernetes.io/component=operator'] as const
  const uids = await here.kubectl('get', ...words, '-o', 'jsonpath={.items[*].metadata.uid}')
  operator = processesIn(uids.split(' ')[0]).find(pid => read(pid, 'cmdline').includes('/operator/main.js'))!
  return () => here[Symbol.asyncDispose]()
})

/** Of the mount at /. */
function rootIsReadOnly(pid: number): boolean {
  const root = read(pid, 'mountinfo')
    .split('\n')
    .find(line => line.split(' ')[4] === '/')!
  return root.split(' ')[5].split(',').includes('ro')
}

const capabilitiesOf = (pid: number) =>
  ['CapEff', 'CapPrm', 'CapBnd', 'CapInh', 'CapAmb'].map(field => statusField(pid, field))

describe('the operator', () => {
  test('is nobody, and has no capability and no way to any', () => {
    expect(statusField(operator, 'Uid').split('\t')).toEqual(Array(4).fill('65532'))
    expect(statusField(operator, 'Gid').split('\t')).toEqual(Array(4).fill('65532'))
    expect(capabilitiesOf(operator)).toEqual(Array(5).fill(NONE))
    expect(statusField(operator, 'NoNewPrivs')).toBe('1')
  })

  test('writes nothing, and is filtered by seccomp', () => {
    expect(rootIsReadOnly(operator)).toBe(true)
    expect(statusField(operator, 'Seccomp')).toBe(FILTERED_BY_SECCOMP)
  })
})

describe('an agent', () => {
  test('has the capabilities of the chart, and no way to others', () => {
    const bits = agentCapabilities().reduce((sum, name) => sum | (1n << CAPABILITIES[name]), 0n)
    const ours = bits.toString(16).padStart(16, '0')
    expect(capabilitiesOf(agent).slice(0, 3)).toEqual([ours, ours, ours])
    expect(capabilitiesOf(agent).slice(3)).toEqual([NONE, NONE])
    expect(statusField(agent, 'NoNewPrivs')).toBe('1')
  })

  test('writes nothing but its cache, and is filtered by seccomp', () => {
    expect(rootIsReadOnly(agent)).toBe(true)
    expect(statusField(agent, 'Seccomp')).toBe(FILTERED_BY_SECCOMP)
  })
})

describe('the token of an agent, taken from its node', () => {
  let thief: Person
  beforeAll(async () => {
    const token = readFileSync(`/proc/${agent}/root${TOKEN}`, 'utf8')
    thief = new Person(here.cluster, await here.cluster.kubeconfigFor({ token }))
  })

  test('writes what its own node says, and not what another does', async () => {
    await here.cluster.apply({
      apiVersion: 'tracejob.dev/v1alpha1',
      kind: 'TraceReport',
      metadata: { name: 'long.other', namespace: 'shop' },
      spec: { nodeName: 'other' },
    })
    const write = (node: string) =>
      thief.patch(
        TRACE_REPORTS,
        { namespace: 'shop', name: `long.${node}`, subresource: 'status' },
        {
          status: { state: 'Tracing' },
        },
      )
    expect(await write(here.node.name)).toMatchObject({ status: 200 })
    expect(await write('other')).toEqual({
      status: 403,
      message: expect.stringContaining(`this one is of other, the token of ${here.node.name}`),
    })
  })

  test.each([
    ['read secrets', ['get', 'secrets']],
    ['list secrets', ['list', 'secrets']],
    ['list nodes', ['list', 'nodes']],
    ['read TraceJobs', ['get', 'tracejobs']],
    ['create TraceReports', ['create', 'tracereports']],
    ['delete pods', ['delete', 'pods']],
    ['run something in a pod', ['create', 'pods', '--subresource=exec']],
  ])('may not %s', async (_, words) => {
    for (const namespace of ['shop', 'tracejob', 'kube-system']) {
      expect(await thief.may(...words, '-n', namespace)).toBe(false)
    }
  })
})
