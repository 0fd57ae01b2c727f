/** The DaemonSet of a TraceJob on a real API server: taken as it is, found unchanged, and put right by one apply. */
import { pino } from 'pino'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type TraceJobSpec, traceJobSpecSchema } from '../../crds/trace-job.ts'
import { Client } from '../../kube/client.ts'
import { fromKubeconfig } from '../../kube/kubeconfig.ts'
import { DAEMON_SETS } from '../../kube/resource.ts'
import { daemonSetFor } from '../../operator/daemonset.ts'
import { differences } from '../../operator/drift.ts'
import type { DaemonSet } from '../../operator/seen.ts'
import { AGENT_CAPABILITIES, type Settings } from '../../operator/settings.ts'
import { startCluster } from '../cluster/cluster.ts'

let client: Client
beforeAll(async () => {
  await using stack = new AsyncDisposableStack()
  // Without controllers nothing but the API server and this test touches a DaemonSet.
  const cluster = stack.use(await startCluster({ without: ['kube-controller-manager', 'kube-scheduler'] }))
  const credentials = fromKubeconfig({ path: cluster.kubeconfig })
  client = stack.use(new Client(credentials, { userAgent: 'test', log: pino({ level: 'silent' }) }))
  const owned = stack.move()
  return () => owned.disposeAsync()
})

const NAMESPACE = 'default'
const BY_DEFAULT: Settings['agent'] = {
  image: 'registry.example/agent:1',
  imagePullPolicy: 'IfNotPresent',
  imagePullSecrets: [],
  serviceAccountName: 'agent',
  resources: {},
  capabilities: AGENT_CAPABILITIES,
}

let made = 0
function wanted(spec: Partial<TraceJobSpec> = {}, agent: Partial<Settings['agent']> = {}): DaemonSet {
  const metadata = { name: 'who', namespace: 'shop', uid: `uid-${made++}` }
  const job = { metadata, spec: traceJobSpecSchema.parse(spec) }
  const settings = { namespace: NAMESPACE, instance: 'tracejob', maxRunningJobs: 1 }
  return daemonSetFor(job, job.spec, { ...settings, agent: { ...BY_DEFAULT, ...agent } })
}

const place = ({ metadata: { name } }: DaemonSet) => ({ namespace: NAMESPACE, name })
const live = (each: DaemonSet) => client.get<DaemonSet>(DAEMON_SETS, place(each))
const left: DaemonSet[] = []
async function created(each: DaemonSet): Promise<DaemonSet> {
  left.push(each)
  await client.create(DAEMON_SETS, each)
  return live(each)
}
afterEach(async () => {
  for (const each of left.splice(0)) await client.remove(DAEMON_SETS, place(each))
})

const term = { matchExpressions: [{ key: 'fast', operator: 'Exists' as const }] }
const affinity = {
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
}

describe('is taken by the API server, and is no different for what that fills in', () => {
  test.each<[string, Partial<TraceJobSpec>, Partial<Settings['agent']>]>([
    ['with nothing said', {}, {}],
    [
      'with every wish of a TraceJob',
      { nodeSelector: { a: 'b' }, affinity, tolerations: [], filter: { pathPrefixes: ['/$(X)$$'] } as never },
      {},
    ],
    [
      'with every setting',
      {},
      {
        imagePullSecrets: [{ name: 'key' }],
        command: ['node', 'agent.js'],
        resources: { requests: { cpu: '0.5', memory: '1024Mi' }, limits: { cpu: 1, memory: '2e9' } },
        priorityClassName: 'high',
        seccompProfile: { type: 'Localhost', localhostProfile: 'agent.json' },
        extraTolerations: [{ key: 'x', operator: 'Exists' }],
        env: [{ name: 'EMPTY', value: '' }],
      },
    ],
    ['with the capability that is nearly all', {}, { capabilities: ['SYS_ADMIN'] }],
    ['with the same in its long name', {}, { capabilities: ['CAP_SYS_ADMIN'] }],
  ])('%s', async (_, spec, agent) => {
    const daemonSet = wanted(spec, agent)
    expect(differences(await created(daemonSet), daemonSet)).toEqual([])
  })
})

const pod = (spec: object) => ({ spec: { template: { spec } } })
const agent = (fields: object) => pod({ containers: [{ name: 'agent', ...fields }] })

describe('is put right by one apply, when somebody changed', () => {
  test.each<[string, object]>([
    ['its nodes, by label', pod({ nodeSelector: { no: 'where' } })],
    [
      'its nodes, by affinity',
      pod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'no', operator: 'Exists' }] }],
            },
          },
        },
      }),
    ],
    ['its nodes, by taking the affinity away', pod({ affinity: null })],
    ['its tolerations', pod({ tolerations: null })],
    [
      'its tolerations, by more',
      pod({ tolerations: [{ operator: 'Exists' }, { key: 'x', operator: 'Exists' }] }),
    ],
    ['its image', agent({ image: 'other' })],
    ['its environment', agent({ env: [{ name: 'TRACEJOB', value: '{}' }] })],
    ['its resources', agent({ resources: { limits: { memory: '1Mi' } } })],
    ['its capabilities', agent({ securityContext: { capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } } })],
    ['its way of updating', { spec: { updateStrategy: { type: 'RollingUpdate' } } }],
    ['its labels', { metadata: { labels: null } }],
    [
      'the labels of its pods',
      { spec: { template: { metadata: { labels: { 'tracejob.dev/job': 'other' } } } } },
    ],
    ['its host', pod({ hostPID: null })],
    ['its volumes', pod({ volumes: [{ name: 'cgroup', hostPath: { path: '/' } }] })],
    ['its token', pod({ automountServiceAccountToken: true })],
  ])('%s', async (_, patch) => {
    const daemonSet = wanted({}, { resources: { limits: { memory: '512Mi' } } })
    await created(daemonSet)
    await client.raw(
      'PATCH',
      `/apis/apps/v1/namespaces/${NAMESPACE}/daemonsets/${daemonSet.metadata.name}?fieldManager=kubectl-edit`,
      patch,
      { contentType: 'application/strategic-merge-patch+json' },
    )
    const edited = await live(daemonSet)
    expect(differences(edited, daemonSet)).not.toEqual([])
    const { uid } = edited.metadata
    const right = { ...daemonSet, metadata: { ...daemonSet.metadata, ...(uid && { uid }) } }
    await client.apply(DAEMON_SETS, right, { fieldManager: 'tracejob-operator', force: true })
    expect(differences(await live(daemonSet), daemonSet)).toEqual([])
  })
})
