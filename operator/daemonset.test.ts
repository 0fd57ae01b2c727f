import { describe, expect, test } from 'vitest'
import type { TraceJobSpec } from '../crds/trace-job.ts'
import { daemonSetFor } from './daemonset.ts'
import { aJob, SETTINGS, UID } from './fixtures.ts'
import type { Settings } from './settings.ts'

// biome-ignore lint/suspicious/noExplicitAny: the tests reach into the DaemonSet at any depth
type Deep = any

function daemonSet(spec: Partial<TraceJobSpec> = {}, agent: Partial<Settings['agent']> = {}): Deep {
  const job = aJob(spec)
  return daemonSetFor(job, job.spec, { ...SETTINGS, agent: { ...SETTINGS.agent, ...agent } })
}
const podOf = (each: Deep) => each.spec.template.spec
const agentOf = (each: Deep) => podOf(each).containers[0]
const variable = (each: Deep, name: string) => agentOf(each).env.find((entry: Deep) => entry.name === name)
const termsOf = (each: Deep) =>
  podOf(each).affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms
const affinity = (...nodeSelectorTerms: object[]) =>
  ({ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } }) as never

test('a DaemonSet is the same for the same TraceJob always', () => {
  expect(daemonSet()).toEqual(daemonSet())
})

test('it and its pods are found by labels: whose they are, and of which TraceJob', () => {
  const { metadata, spec } = daemonSet()
  expect(metadata.labels).toEqual({
    'app.kubernetes.io/name': 'tracejob',
    'app.kubernetes.io/component': 'agent',
    'app.kubernetes.io/managed-by': 'tracejob-operator',
    'app.kubernetes.io/instance': 'tracejob',
    'tracejob.dev/job': 'who',
    'tracejob.dev/job-namespace': 'shop',
    'tracejob.dev/job-uid': UID,
  })
  expect(spec.template.metadata.labels).toEqual(metadata.labels)
  expect(spec.selector).toEqual({ matchLabels: { 'tracejob.dev/job-uid': UID } })
  expect(metadata.namespace).toBe('tracing')
})

test('it goes with the Deployment of the operator, where there is one', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'operator', uid: 'deployment-1' }
  const job = aJob()
  expect(daemonSetFor(job, job.spec, { ...SETTINGS, owner }).metadata.ownerReferences).toEqual([owner])
  expect(daemonSet().metadata.ownerReferences).toBeUndefined()
})

describe('the agent is told', () => {
  test('its TraceJob, its node and its pod, by which it finds its report', () => {
    const each = daemonSet()
    const { apiVersion, kind, metadata, spec } = JSON.parse(variable(each, 'TRACEJOB').value)
    expect({ apiVersion, kind, metadata }).toEqual({
      apiVersion: 'tracejob.dev/v1alpha1',
      kind: 'TraceJob',
      metadata: { name: 'who', namespace: 'shop', uid: UID },
    })
    expect(spec).toEqual(aJob().spec)
    expect(variable(each, 'TRACEJOB_NODE_NAME').valueFrom.fieldRef.fieldPath).toBe('spec.nodeName')
    expect(variable(each, 'TRACEJOB_POD_NAME').valueFrom.fieldRef.fieldPath).toBe('metadata.name')
    expect(variable(each, 'TRACEJOB_POD_UID').valueFrom.fieldRef.fieldPath).toBe('metadata.uid')
  })

  test('what the settings say besides, but by nobody else whose it is', () => {
    const env = [
      { name: 'TRACEJOB_LOG_LEVEL', value: 'debug' },
      { name: 'TRACEJOB', value: '{}' },
    ]
    const each = daemonSet({}, { env })
    expect(variable(each, 'TRACEJOB_LOG_LEVEL').value).toBe('debug')
    expect(agentOf(each).env.filter(({ name }: Deep) => name === 'TRACEJOB')).toHaveLength(1)
    expect(variable(each, 'TRACEJOB').value).not.toBe('{}')
  })
})

describe('the agent may', () => {
  test('do what a tracer must, and no more', () => {
    expect(agentOf(daemonSet()).securityContext).toEqual({
      runAsUser: 0,
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: {
        drop: ['ALL'],
        add: ['BPF', 'PERFMON', 'SYS_RESOURCE', 'SYS_PTRACE', 'DAC_READ_SEARCH'],
      },
    })
    expect(podOf(daemonSet())).toMatchObject({
      hostPID: true,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    })
    expect(podOf(daemonSet()).hostNetwork).toBeUndefined()
  })

  test('get more where an administrator says so, with what the API server then demands', () => {
    const each = daemonSet({}, { capabilities: ['SYS_ADMIN'], seccompProfile: { type: 'Unconfined' } })
    expect(agentOf(each).securityContext).toMatchObject({
      allowPrivilegeEscalation: true,
      capabilities: { add: ['SYS_ADMIN'] },
    })
    expect(podOf(each).securityContext.seccompProfile).toEqual({ type: 'Unconfined' })
  })

  test('write only to its own volumes', () => {
    const writable = agentOf(daemonSet()).volumeMounts.filter(({ readOnly }: Deep) => !readOnly)
    expect(writable.map(({ mountPath }: Deep) => mountPath)).toEqual(['/var/cache/tracejob', '/tmp'])
    for (const { name } of writable)
      expect(
        podOf(daemonSet()).volumes.find((volume: Deep) => volume.name === name).emptyDir.sizeLimit,
      ).toBeTruthy()
  })
})

test('every mount has its volume, and every probe its port', () => {
  const each = daemonSet()
  const names = (list: Deep[]) => list.map(({ name }) => name)
  expect(names(agentOf(each).volumeMounts)).toEqual(names(podOf(each).volumes))
  const { startupProbe, livenessProbe, readinessProbe, ports } = agentOf(each)
  for (const probe of [startupProbe, livenessProbe, readinessProbe])
    expect(names(ports)).toContain(probe.httpGet.port)
  expect(variable(each, 'TRACEJOB_HEALTH_PORT').value).toBe(String(ports[0].containerPort))
})

describe('the nodes are', () => {
  const notWindows = { key: 'kubernetes.io/os', operator: 'NotIn', values: ['windows'] }
  const isFast = { key: 'fast', operator: 'Exists' }
  const isNode1 = { key: 'metadata.name', operator: 'In', values: ['node-1'] }

  test.each<[string, Partial<TraceJobSpec>, object]>([
    ['all that could run an agent', {}, [{ matchExpressions: [notWindows] }]],
    [
      'those of the TraceJob',
      { affinity: affinity({ matchExpressions: [isFast] }, { matchFields: [isNode1] }) },
      [
        { matchExpressions: [isFast, notWindows] },
        { matchFields: [isNode1], matchExpressions: [notWindows] },
      ],
    ],
    [
      'none by a term that says nothing',
      { affinity: affinity({ matchExpressions: [] }) },
      [{ matchExpressions: [] }],
    ],
  ])('%s', (_, spec, terms) => {
    expect(termsOf(daemonSet(spec))).toEqual(terms)
  })

  test('chosen by label and taint as the TraceJob says, and by what the settings add', () => {
    const taint = { key: 'gpu', operator: 'Exists' as const }
    const each = daemonSet({ nodeSelector: { pool: 'blue' }, tolerations: [] }, { extraTolerations: [taint] })
    expect(podOf(each)).toMatchObject({ nodeSelector: { pool: 'blue' }, tolerations: [taint] })
    expect(podOf(daemonSet()).tolerations).toEqual([{ operator: 'Exists' }])
  })
})

test('what the settings leave open is left to Kubernetes', () => {
  const each = daemonSet()
  for (const field of ['priorityClassName', 'imagePullSecrets']) expect(podOf(each)).not.toHaveProperty(field)
  expect(agentOf(each)).not.toHaveProperty('command')
  const more = daemonSet(
    {},
    { priorityClassName: 'high', imagePullSecrets: [{ name: 'key' }], command: ['node', 'x'] },
  )
  expect(podOf(more)).toMatchObject({ priorityClassName: 'high', imagePullSecrets: [{ name: 'key' }] })
  expect(agentOf(more).command).toEqual(['node', 'x'])
})
