/** What whoever has the operator's token can run on the nodes: its agents, as they are. */
import { beforeAll, describe, expect, test } from 'vitest'
import { traceJobSpecSchema } from '../../crds/trace-job.ts'
import { readConfig } from '../../operator/config.ts'
import { daemonSetFor } from '../../operator/daemonset.ts'
import type { LiveTraceJob } from '../../operator/seen.ts'
import { CHART } from '../chart/helm.ts'
import type { Release } from '../chart/render.ts'
import { until } from '../kernel/poll.ts'
import { environmentOf, type Pod } from './chart-processes.ts'
import { ChartScene, type Person } from './chart-scene.ts'

let here: ChartScene
let operator: Person
beforeAll(async () => {
  here = await ChartScene.open({ without: ['kube-scheduler', 'kube-controller-manager'] })
  return () => here[Symbol.asyncDispose]()
})

interface Container {
  [field: string]: unknown
  securityContext: { capabilities: { add: string[]; drop: string[] } } & Record<string, unknown>
  env: object[]
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[]
}

interface PodSpec {
  [field: string]: unknown
  containers: Container[]
  volumes: { name: string; [source: string]: unknown }[]
  securityContext: Record<string, unknown>
}

interface DaemonSet {
  spec: { template: { spec: PodSpec } }
}

/** As the operator of the release makes it. */
async function madeByOperator(): Promise<DaemonSet> {
  type Deployment = { spec: { template: Pick<Pod, 'spec'> } }
  const { spec } = await here.get<Deployment>('deployment', 'tracejob-operator', '-n', 'tracejob')
  const env = environmentOf({
    metadata: { name: 'operator', namespace: 'tracejob' },
    spec: spec.template.spec,
  })
  const { agent, instance, namespace } = readConfig({ ...env, KUBECONFIG: '/dev/null' })
  const metadata = { name: 'who', namespace: 'team-a', uid: 'uid' }
  const job = { metadata, spec: {} } as LiveTraceJob
  const settings = { agent, instance, namespace, maxRunningJobs: 1 }
  return daemonSetFor(job, traceJobSpecSchema.parse({}), settings) as unknown as DaemonSet
}

async function refusal(daemonSet: object): Promise<string> {
  return (await operator.kubectl(['create', '--dry-run=server', '-f', '-'], daemonSet)).stderr
}

const privileged = ({ spec }: DaemonSet) => {
  spec.template.spec.containers[0].securityContext = {
    privileged: true,
  } as unknown as Container['securityContext']
}

async function installed(release: Release = {}): Promise<void> {
  await here.helm('uninstall', 'tracejob', '--namespace', 'tracejob', '--wait')
  await here.install(release)
  operator = await here.account('tracejob', 'tracejob-operator')
  const daemonSet = await madeByOperator()
  privileged(daemonSet)
  await until('the policy is in force', async () => (await refusal(daemonSet)) !== '')
}

const IMAGE = 'the operator runs the image of its agents, and no other'
const COMMAND = 'an agent runs what its image runs, and no other command'
const TOLD = 'an agent is told its TraceJob, where it is and agent.env, and nothing else'
const ACCOUNT = 'an agent has the service account of agents, and no other token'
const HOST = "an agent has no part in the node's network or IPC"
const RIGHTS =
  'an agent has the capabilities of agent.capabilities and a read-only root, and is not privileged'
const SECCOMP = 'an agent has the seccomp profile of agent.seccompProfile'
const SEES =
  "an agent sees the node's cgroups, its tracefs, its own token and empty directories, and nothing else"
const WRITES = 'an agent writes to its cache and to /tmp, and nowhere else'

describe('with the values of the chart', () => {
  beforeAll(() => installed())

  test('the operator may start its agents', async () => {
    expect(await refusal(await madeByOperator())).toBe('')
  })

  const container = { name: 'more', image: 'tracejob/tracejob-agent:0.1.0' }
  const exec = { exec: { command: ['sh'] } }
  test.each<[string, (pod: PodSpec, agent: Container) => void, string]>([
    ['another image', (_, agent) => Object.assign(agent, { image: 'evil' }), IMAGE],
    ['a second container', pod => pod.containers.push(container as unknown as Container), IMAGE],
    ['an init container', pod => Object.assign(pod, { initContainers: [container] }), IMAGE],
    ['a command', (_, agent) => Object.assign(agent, { command: ['node', '-e', '0'] }), COMMAND],
    ['arguments', (_, agent) => Object.assign(agent, { args: ['--eval=0'] }), COMMAND],
    ['a hook', (_, agent) => Object.assign(agent, { lifecycle: { postStart: exec } }), COMMAND],
    ['a probe that runs something', (_, agent) => Object.assign(agent, { livenessProbe: exec }), COMMAND],
    ['options for Node', (_, agent) => agent.env.push({ name: 'NODE_OPTIONS', value: '--import=x' }), TOLD],
    ['secrets', (_, agent) => Object.assign(agent, { envFrom: [{ secretRef: { name: 'x' } }] }), TOLD],
    [
      'a secret as its TraceJob',
      (_, agent) => {
        const valueFrom = { secretKeyRef: { name: 'x', key: 'y' } }
        agent.env.splice(0, 1, { name: 'TRACEJOB', valueFrom })
      },
      TOLD,
    ],
    ['another account', pod => Object.assign(pod, { serviceAccountName: 'tracejob-operator' }), ACCOUNT],
    ["the node's network", pod => Object.assign(pod, { hostNetwork: true }), HOST],
    ["the node's IPC", pod => Object.assign(pod, { hostIPC: true }), HOST],
    [
      'one capability more',
      (_, { securityContext }) => securityContext.capabilities.add.push('SYS_MODULE'),
      RIGHTS,
    ],
    [
      'those of every container',
      (_, { securityContext }) => Object.assign(securityContext.capabilities, { drop: [] }),
      RIGHTS,
    ],
    [
      'a root that can be written',
      (_, { securityContext }) => Object.assign(securityContext, { readOnlyRootFilesystem: false }),
      RIGHTS,
    ],
    [
      'no seccomp',
      pod => Object.assign(pod.securityContext, { seccompProfile: { type: 'Unconfined' } }),
      SECCOMP,
    ],
    [
      'no seccomp for the container',
      (_, { securityContext }) => Object.assign(securityContext, { seccompProfile: { type: 'Unconfined' } }),
      SECCOMP,
    ],
    ["the node's files", pod => pod.volumes.push({ name: 'host', hostPath: { path: '/' } }), SEES],
    ['a secret', pod => pod.volumes.push({ name: 'secret', secret: { secretName: 'x' } }), SEES],
    [
      'a secret as its token',
      pod => {
        const own = pod.volumes.find(({ name }) => name === 'kube-api-access')
        Object.assign(own ?? {}, { projected: { sources: [{ secret: { name: 'x' } }] } })
      },
      SEES,
    ],
    ['a ConfigMap', pod => pod.volumes.push({ name: 'map', configMap: { name: 'x' } }), SEES],
    [
      'words of its own in the cache',
      (pod, agent) => {
        const path = 'object'
        const items = [{ path, fieldRef: { fieldPath: "metadata.annotations['x']" } }]
        pod.volumes.push({ name: 'words', projected: { sources: [{ downwardAPI: { items } }] } })
        agent.volumeMounts.push({ name: 'words', mountPath: '/var/cache/tracejob/more' })
      },
      SEES,
    ],
    [
      'cgroups that can be written',
      (_, agent) => {
        for (const mount of agent.volumeMounts) Object.assign(mount, { readOnly: false })
      },
      WRITES,
    ],
    [
      'its program covered by another',
      (_, agent) => agent.volumeMounts.push({ name: 'tmp', mountPath: '/opt/tracejob/agent' }),
      WRITES,
    ],
  ])('not with %s', async (_, change, words) => {
    const daemonSet = await madeByOperator()
    const { spec } = daemonSet.spec.template
    change(spec, spec.containers[0])
    expect(await refusal(daemonSet)).toContain(`denied request: ${words}\n`)
  })

  test('nobody else is looked at: Helm, kubectl and the DaemonSet controller do as they like', async () => {
    const daemonSet = await madeByOperator()
    privileged(daemonSet)
    const words = ['create', '--dry-run=server', '-f', '-']
    const { stderr } = await here.cluster.kubectl(words, { stdin: JSON.stringify(daemonSet) })
    expect(stderr).not.toContain('denied request')
  })
})

test('with everything given, the operator may start its agents', async () => {
  const files = [`${CHART}/../../test/chart/values/whole.yaml`]
  const set = ['fullnameOverride=', 'metrics.serviceMonitor.enabled=false']
  await installed({ files, set })
  expect(await refusal(await madeByOperator())).toBe('')
})
