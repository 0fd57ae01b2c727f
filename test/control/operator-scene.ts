/** A control plane with our kinds, nodes without machines, and a way for operators on which every request is seen. */
import { join } from 'node:path'
import { pino } from 'pino'
import { TRACE_JOBS, TRACE_REPORTS } from '../../crds/resources.ts'
import type { TraceJobStatus } from '../../crds/trace-job.ts'
import type { TraceReport } from '../../crds/trace-report.ts'
import { Client } from '../../kube/client.ts'
import { isNotFound } from '../../kube/errors.ts'
import { fromKubeconfig } from '../../kube/kubeconfig.ts'
import type { KubeObject } from '../../kube/object.ts'
import { DAEMON_SETS, NAMESPACES, type Resource } from '../../kube/resource.ts'
import { type ClusterOptions, startCluster, type TestCluster } from '../cluster/cluster.ts'
import { type FaultProxy, type Seen, startFaultProxy } from '../faults/proxy.ts'
import { placeOf } from '../faults/upstream.ts'
import type { Behaviour } from '../fleet/behaviour.ts'
import { Fleet } from '../fleet/fleet.ts'
import { ROOT } from '../kernel/command.ts'
import { until } from '../kernel/poll.ts'
import { kubeconfigThrough, Operator, OWN_NAMESPACE } from './operator-process.ts'

export type Job = KubeObject & { spec: object; status?: TraceJobStatus }
export type Report = TraceReport & KubeObject
export type DaemonSet = KubeObject & {
  spec: Record<string, unknown>
  status: { desiredNumberScheduled: number }
}

export interface Place {
  namespace?: string
  name: string
}

export class OperatorScene implements AsyncDisposable {
  readonly cluster: TestCluster
  /** As the administrator, past the proxy. */
  readonly client: Client
  readonly fleet: Fleet
  readonly proxy: FaultProxy
  readonly #kubeconfig: string
  readonly #stack: AsyncDisposableStack

  private constructor(
    parts: Pick<OperatorScene, 'cluster' | 'client' | 'fleet' | 'proxy'>,
    kubeconfig: string,
    stack: AsyncDisposableStack,
  ) {
    this.cluster = parts.cluster
    this.client = parts.client
    this.fleet = parts.fleet
    this.proxy = parts.proxy
    this.#kubeconfig = kubeconfig
    this.#stack = stack
  }

  static async open(options?: ClusterOptions): Promise<OperatorScene> {
    await using stack = new AsyncDisposableStack()
    const log = pino({ level: 'silent' })
    const cluster = stack.use(await startCluster(options))
    for (const crd of ['tracejobs', 'tracereports']) {
      const file = join(ROOT, 'crds', `${crd}.yaml`)
      await succeeded(cluster.kubectl(['apply', '--server-side', '-f', file]))
      await succeeded(cluster.kubectl(['wait', '--for=condition=Established', '--timeout=300s', '-f', file]))
    }
    const credentials = fromKubeconfig({ path: cluster.kubeconfig })
    const client = stack.use(new Client(credentials, { userAgent: 'test', log }))
    await client.create(NAMESPACES, { metadata: { name: OWN_NAMESPACE } })
    await succeeded(cluster.kubectl(['create', 'serviceaccount', 'agent', '-n', OWN_NAMESPACE]))
    const proxy = stack.use(await startFaultProxy(placeOf(cluster.kubeconfig)))
    const kubeconfig = await kubeconfigThrough(proxy, join(cluster.stateDir, 'through-proxy'))
    const fleet = stack.use(new Fleet({ client, log }))
    await fleet.run()
    return new OperatorScene({ cluster, client, fleet, proxy }, kubeconfig, stack.move())
  }

  /** One more operator, by way of the proxy. */
  operator(env: NodeJS.ProcessEnv = {}, pod?: string): Operator {
    return new Operator({ kubeconfig: this.#kubeconfig, env, ...(pod && { pod }) })
  }

  /** Nodes that only jobs `on` the same group see; returns what selects them. */
  async nodes(group: string, behaviours: Record<string, Behaviour>): Promise<{ group: string }> {
    for (const [name, behaviour] of Object.entries(behaviours))
      await this.fleet.addNode(`${group}-${name}`, behaviour, { labels: { group } })
    return { group }
  }

  /** `kubectl apply` of a TraceJob in the namespace default, unless another is given. */
  async apply(name: string, spec: object, namespace = 'default'): Promise<Job> {
    await this.cluster.apply({
      apiVersion: 'tracejob.dev/v1alpha1',
      kind: 'TraceJob',
      metadata: { name, namespace },
      spec,
    })
    return (await this.job({ name, namespace }))!
  }

  job({ name, namespace = 'default' }: Place): Promise<Job | undefined> {
    return this.#get<Job>(TRACE_JOBS, { name, namespace })
  }

  async reports({ name, namespace = 'default' }: Place): Promise<Report[]> {
    const labelSelector = `tracejob.dev/job=${name}`
    return (await this.client.list<Report>(TRACE_REPORTS, { namespace, labelSelector })).items
  }

  async daemonSets(jobUid: string): Promise<DaemonSet[]> {
    const labelSelector = `tracejob.dev/job-uid=${jobUid}`
    return (await this.client.list<DaemonSet>(DAEMON_SETS, { namespace: OWN_NAMESPACE, labelSelector })).items
  }

  /** Waits until the TraceJob's status says that, and returns the status. */
  async says(
    place: Place,
    what: string,
    look: (status: TraceJobStatus) => unknown,
    seconds?: number,
  ): Promise<TraceJobStatus> {
    let last: Job | undefined
    try {
      const said = async () => {
        last = await this.job(place)
        return last?.status && look(last.status) ? last.status : undefined
      }
      return await until(`${place.name}: ${what}`, said, seconds)
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${JSON.stringify(last, null, 1)}`)
    }
  }

  ended(place: Place): Promise<TraceJobStatus> {
    return this.says(place, 'has ended', ({ completionTime }) => completionTime)
  }

  tracing(place: Place): Promise<TraceJobStatus> {
    return this.says(place, 'is traced', ({ state }) => state === 'Tracing')
  }

  /** What it says on stdout. @throws with what it says on stderr */
  async kubectl(...words: string[]): Promise<string> {
    return (await succeeded(this.cluster.kubectl(words))).stdout
  }

  /** What operators have written since, but for the Lease. */
  writes(sinceMs = 0): Seen[] {
    return this.proxy.writes().filter(({ atMs, resource }) => atMs >= sinceMs && resource !== 'leases')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }

  async #get<T>(resource: Resource, place: { name: string; namespace: string }): Promise<T | undefined> {
    try {
      return await this.client.get<T>(resource, place)
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }
}

/** The condition of that type. */
export function conditionOf(status: TraceJobStatus | undefined, type: string) {
  return status?.conditions?.find(condition => condition.type === type)
}

async function succeeded<T extends { code: number | null; stderr: string }>(ended: Promise<T>): Promise<T> {
  const outcome = await ended
  if (outcome.code !== 0) throw new Error(`kubectl: ${outcome.stderr}`)
  return outcome
}
