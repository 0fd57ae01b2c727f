/** The programs of the chart's pods as processes of this machine, with the environment and the tokens of those pods. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubeObject } from '../../kube/object.ts'
import { Command, ROOT } from '../kernel/command.ts'
import type { ChartScene } from './chart-scene.ts'

interface Variable {
  name: string
  value?: string
  valueFrom?: { fieldRef: { fieldPath: string } }
}

interface PodSpec {
  nodeName?: string
  serviceAccountName: string
  containers: { env: Variable[]; command?: string[]; args?: string[] }[]
}

export interface Pod extends KubeObject {
  spec: PodSpec
}

const NODE = [process.execPath, '--disable-warning=ExperimentalWarning']

/** What the kubelet would put into the environment of the pod's only container. */
export function environmentOf({ metadata, spec }: Pod): Record<string, string> {
  const fields: Record<string, string | undefined> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': spec.nodeName,
  }
  const value = (each: Variable) => each.value ?? fields[each.valueFrom?.fieldRef.fieldPath ?? ''] ?? ''
  return Object.fromEntries(spec.containers[0].env.map(each => [each.name, value(each)]))
}

/** Lets others lead at once when it is disposed of. */
class Operator extends Command {
  override async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGTERM')
    await this.ended
    await super[Symbol.asyncDispose]()
  }
}

/** A replica of the operator, of the release's own Deployment. */
export async function startOperator(
  here: ChartScene,
  { name = 'tracejob', namespace = 'tracejob' } = {},
): Promise<Command> {
  const deployment = await here.get<{ spec: { template: { spec: PodSpec } } }>(
    ...['deployment', `${name}-operator`, '-n', namespace],
  )
  const { spec } = deployment.spec.template
  const pod = `${name}-operator-${randomBytes(3).toString('hex')}`
  const { kubeconfig } = await here.account(namespace, spec.serviceAccountName)
  const env = environmentOf({ metadata: { name: pod, namespace, uid: pod }, spec })
  const ports = { TRACEJOB_HEALTH_PORT: '0', TRACEJOB_METRICS_PORT: '0' }
  return new Operator([...NODE, join(ROOT, 'operator', 'main.ts')], {
    env: { ...env, ...ports, KUBECONFIG: kubeconfig },
  })
}

/** The agent of a pod, on this machine as its node, with a token that is bound to the pod. */
export async function startAgent(here: ChartScene, pod: Pod, directory: string): Promise<Command> {
  const { name, namespace = '' } = pod.metadata
  const [token, ca] = [join(directory, 'token'), join(directory, 'ca.crt')]
  await mkdir(directory, { recursive: true })
  await writeFile(token, await here.token(namespace, pod.spec.serviceAccountName, { pod: name }))
  await writeFile(ca, await authorityOf(here.cluster.kubeconfig))
  return new Command([...NODE, join(ROOT, 'agent', 'cluster', 'main.ts')], {
    env: {
      ...environmentOf(pod),
      TRACEJOB_API_SERVER: here.cluster.server,
      TRACEJOB_TOKEN_FILE: token,
      TRACEJOB_CA_FILE: ca,
      TRACEJOB_CACHE_DIR: join(directory, 'cache'),
      TRACEJOB_HEALTH_PORT: '0',
    },
  })
}

/** The certificate of whoever signed the API server's. */
export async function authorityOf(kubeconfig: string): Promise<Buffer> {
  const { clusters } = JSON.parse(await readFile(kubeconfig, 'utf8'))
  return Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64')
}
