/** The pods of a release: what they are allowed to be, and what `helm test` finds out. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { TraceJobSpec } from '../../crds/trace-job.ts'
import { traceJobSpecSchema } from '../../crds/trace-job.ts'
import { readConfig } from '../../operator/config.ts'
import { daemonSetFor } from '../../operator/daemonset.ts'
import type { LiveTraceJob } from '../../operator/seen.ts'
import { Command } from '../kernel/command.ts'
import { until } from '../kernel/poll.ts'
import { authorityOf, environmentOf, type Pod, startOperator } from './chart-processes.ts'
import { ChartScene } from './chart-scene.ts'

let here: ChartScene
let directory: string
beforeAll(async () => {
  await using stack = new AsyncDisposableStack()
  directory = await mkdtemp(join(tmpdir(), 'tracejob-works-'))
  stack.defer(() => rm(directory, { recursive: true }))
  here = stack.use(await ChartScene.open())
  await here.namespaces('restricted', 'baseline', 'privileged')
  for (const level of ['restricted', 'baseline', 'privileged'])
    await here.kubectl('label', 'namespace', level, `pod-security.kubernetes.io/enforce=${level}`)
  await here.cluster.fakeNodes(1)
  await here.install()
  const owned = stack.move()
  return () => owned.disposeAsync()
})

interface Templated {
  spec: { template: { spec: Pod['spec'] } }
}

const operatorPod = async () =>
  (await here.get<Templated>('deployment', 'tracejob-operator', '-n', 'tracejob')).spec.template.spec

/** What Pod Security says of such a pod in a namespace of that level. */
async function refusal(level: string, spec: object): Promise<string> {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod', namespace: level }, spec }
  const anybody = { ...pod, spec: { ...spec, serviceAccountName: 'default' } }
  const words = ['create', '--dry-run=server', '-f', '-']
  return (await here.cluster.kubectl(words, { stdin: JSON.stringify(anybody) })).stderr
}

describe('Pod Security', () => {
  test('has nothing against the operator at its strictest', async () => {
    await until('pods can be created', async () => (await refusal('restricted', await operatorPod())) === '')
  })

  test('lets agents in nowhere but in a privileged namespace, and names what they need', async () => {
    const metadata = { name: 'who', namespace: 'team-a', uid: 'uid' }
    const job = { metadata, spec: {} } as LiveTraceJob
    const env = environmentOf({
      metadata: { name: 'operator', namespace: 'tracejob' },
      spec: await operatorPod(),
    })
    const { agent, instance, namespace } = readConfig({ ...env, KUBECONFIG: '/dev/null' })
    const spec: TraceJobSpec = traceJobSpecSchema.parse({})
    const settings = { agent, instance, namespace, maxRunningJobs: 1 }
    const { template } = daemonSetFor(job, spec, settings).spec as unknown as Templated['spec']
    expect(await refusal('privileged', template.spec)).toBe('')
    expect(await refusal('baseline', template.spec)).toMatch(
      /violates PodSecurity "baseline:latest": non-default capabilities \(.*\), host namespaces \(hostPID=true\), hostPath volumes \(.*\)\n$/,
    )
  })
})

/** The pod that `helm test` has started. */
const testPod = () =>
  until('helm has started the pod of its test', async () => {
    const { items } = await here.get<{ items: Pod[] }>(
      ...['pods', '-n', 'tracejob', '-l', 'app.kubernetes.io/component=test'],
    )
    return items.find(({ spec }) => spec.nodeName)
  })

/** The program of the pod's container, as a process of this machine with the token of the pod. */
async function run({ metadata, spec }: Pod, env: NodeJS.ProcessEnv): Promise<Command> {
  const [token, ca] = [join(directory, 'token'), join(directory, 'ca.crt')]
  const bound = { pod: metadata.name }
  await writeFile(token, await here.token('tracejob', spec.serviceAccountName, bound))
  await writeFile(ca, await authorityOf(here.cluster.kubeconfig))
  const [{ command = [], args = [] }] = spec.containers
  const ways = { API_SERVER: here.cluster.server, TOKEN_FILE: token, NODE_EXTRA_CA_CERTS: ca }
  const given = { ...environmentOf({ metadata, spec }), ...ways, ...env }
  return new Command([process.execPath, ...command.slice(1), ...args], { env: given })
}

/** As the kubelet says it. */
async function ended({ metadata }: Pod, phase: 'Succeeded' | 'Failed'): Promise<void> {
  const patch = JSON.stringify({ status: { phase } })
  await here.kubectl(
    ...['patch', 'pod', metadata.name, '-n', 'tracejob', '--subresource=status', '--type=merge', '-p', patch],
  )
}

describe('helm test', () => {
  test('finds that the release works, and leaves nothing behind', async () => {
    await using operator = await startOperator(here)
    const { metricsPort } = JSON.parse(
      await operator.until('it has started', () =>
        operator.stderr.split('\n').find(line => line.includes('"started"')),
      ),
    )
    const tested = here.helm('test', 'tracejob', '--namespace', 'tracejob')
    const pod = await testPod()
    expect(await refusal('restricted', pod.spec)).toBe('')
    expect(environmentOf(pod).METRICS_HOST).toBe('$(TRACEJOB_METRICS_SERVICE_HOST)')
    await using works = await run(pod, { METRICS_HOST: '127.0.0.1', METRICS_PORT: String(metricsPort) })
    expect(await works.ended).toEqual({ code: 0, signal: null })
    expect(works.stdout.trimEnd().split('\n')).toEqual([
      'ok: a replica of the operator is ready',
      'ok: one of them leads',
      'ok: the API serves TraceJobs',
      'ok: an editor may not trace the whole cluster',
      'ok: the Service of the metrics leads to the operator',
    ])

    await ended(pod, 'Succeeded')
    expect(await tested).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Phase:          Succeeded'),
    })
    const left = await here.kubectl(
      'get',
      'pods,serviceaccounts,roles,rolebindings',
      '-n',
      'tracejob',
      '-o',
      'name',
    )
    expect(left).not.toContain('tracejob-test')
  })

  test('says what does not work', async () => {
    const tested = here.helm('test', 'tracejob', '--namespace', 'tracejob')
    const pod = await testPod()
    await here.kubectl('delete', 'validatingadmissionpolicybinding', 'tracejob-tracejobs')
    const failed = async () => {
      await using works = await run(pod, { METRICS_HOST: '', DEADLINE_SECONDS: '0' })
      const { code } = await works.ended
      return code === 1 ? works.stdout.trimEnd().split('\n').at(-1) : undefined
    }
    expect(await failed()).toBe('NOT ok: one of them leads: nobody holds the Lease')
    await using operator = await startOperator(here)
    await operator.until('the policy is out of force', async () =>
      (await failed())?.startsWith('NOT ok: an editor may not trace the whole cluster: the answer was 201'),
    )
    await ended(pod, 'Failed')
    expect(await tested).toMatchObject({ code: 1 })
  })
})
