/** Nodes without machines: objects that are kept alive, agents' pods that run or fail as told, and agents that report. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { LABELS } from '../../crds/labels.ts'
import { reportName } from '../../crds/report-name.ts'
import { TRACE_REPORTS } from '../../crds/resources.ts'
import type { TraceReport } from '../../crds/trace-report.ts'
import type { Client } from '../../kube/client.ts'
import type { KubeObject } from '../../kube/object.ts'
import { Reflector } from '../../kube/reflector.ts'
import { LEASES, NODES, PODS } from '../../kube/resource.ts'
import { keyOf } from '../../kube/store.ts'
import { type Behaviour, TRACES } from './behaviour.ts'
import { FakeAgent } from './fake-agent.ts'
import { heartbeat, type NodeOptions, nodeObject } from './node-object.ts'
import { podStatus } from './pod-status.ts'

interface Pod extends KubeObject {
  spec: { nodeName?: string; containers: { name: string }[] }
}

const HEARTBEAT_MS = 10_000

export interface FleetOptions {
  /** As an administrator. */
  client: Client
  log: Logger
}

/** Call `run` first; what was added is removed by `dispose`. */
export class Fleet implements AsyncDisposable {
  readonly #client: Client
  readonly #behaviours = new Map<string, Behaviour>()
  /** By the uid of their pods. */
  readonly #agents = new Map<string, FakeAgent>()
  readonly #pods: Reflector<Pod>
  readonly #reports: Reflector<TraceReport & KubeObject>
  readonly #ended = new AbortController()
  #running: Promise<unknown> = Promise.resolve()

  constructor({ client, log }: FleetOptions) {
    this.#client = client
    this.#pods = new Reflector<Pod>({ client, resource: PODS, labelSelector: LABELS.jobUid, log })
    this.#reports = new Reflector<TraceReport & KubeObject>({ client, resource: TRACE_REPORTS, log })
  }

  /** Resolves when it sees what there is. */
  async run(): Promise<void> {
    const { signal } = this.#ended
    this.#pods.on(({ type, object }) => void (type === 'deleted' ? this.#gone(object) : this.#tend(object)))
    this.#reports.on(({ type, object }) => this.#tell(object, type === 'deleted'))
    this.#running = Promise.all([this.#pods.run(signal), this.#reports.run(signal), this.#beat(signal)])
    await Promise.all([this.#pods.synced, this.#reports.synced])
  }

  async addNode(name: string, behaviour: Behaviour = TRACES, options: NodeOptions = {}): Promise<void> {
    this.#behaviours.set(name, behaviour)
    const now = new Date().toISOString()
    await this.#client.create(LEASES, heartbeat(name, now))
    await this.#client.create(NODES, nodeObject(name, options, now))
  }

  /** For pods that start from now on. */
  behave(name: string, behaviour: Behaviour): void {
    this.#behaviours.set(name, behaviour)
  }

  /** How many agents of the job would have probes attached. */
  tracing(jobUid: string): number {
    return [...this.#agents.values()].filter(agent => agent.jobUid === jobUid && agent.isTracing).length
  }

  /** Its agents end without a word, as does its heartbeat. */
  async removeNode(name: string): Promise<void> {
    this.#behaviours.delete(name)
    for (const { metadata, spec } of this.#pods.store.list())
      if (spec.nodeName === name) this.#agents.get(metadata.uid ?? '')?.die()
    await this.#client.remove(NODES, { name })
    await this.#client.remove(LEASES, { namespace: 'kube-node-lease', name })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort()
    await Promise.allSettled([this.#running, ...[...this.#agents.values()].map(agent => agent.stop())])
    await Promise.all([...this.#behaviours.keys()].map(name => this.removeNode(name)))
  }

  /** As a kubelet: starts what was bound to its node, and ends what is to be deleted. */
  async #tend(pod: Pod): Promise<void> {
    const { uid = '', namespace = '', name, deletionTimestamp } = pod.metadata
    const behaviour = this.#behaviours.get(pod.spec.nodeName ?? '')
    if (!behaviour) return
    try {
      if (deletionTimestamp) {
        await this.#agents.get(uid)?.stop()
        await this.#client.raw('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}`, {
          gracePeriodSeconds: 0,
        })
      } else if (!this.#agents.has(uid)) {
        this.#agents.set(uid, this.#agent(pod, behaviour))
        const status = podStatus(behaviour, pod.spec.containers[0].name, new Date().toISOString())
        const metadata = { uid }
        if (status)
          await this.#client.merge(PODS, { namespace, name }, { metadata, status }, { subresource: 'status' })
        const report = this.#reportOf(pod)
        if (report) this.#agents.get(uid)?.see(report)
      }
    } catch {
      // Gone meanwhile, or the API server is: then the pod comes again.
    }
  }

  #agent(pod: Pod, behaviour: Behaviour): FakeAgent {
    return new FakeAgent({
      client: this.#client,
      jobUid: pod.metadata.labels?.[LABELS.jobUid] ?? '',
      behaviour,
    })
  }

  #gone({ metadata: { uid = '' } }: Pod): void {
    void this.#agents.get(uid)?.stop()
    this.#agents.delete(uid)
  }

  #reportOf({ metadata: { labels = {} }, spec: { nodeName = '' } }: Pod): TraceReport | undefined {
    return this.#reports.store.get(
      labels[LABELS.jobNamespace],
      reportName(labels[LABELS.job] ?? '', nodeName),
    )
  }

  #tell(report: TraceReport & KubeObject, isGone: boolean): void {
    const { namespace, name } = report.metadata
    for (const pod of this.#pods.store.list()) {
      const { labels = {}, uid = '' } = pod.metadata
      const wanted = reportName(labels[LABELS.job] ?? '', pod.spec.nodeName ?? '')
      if (keyOf(labels[LABELS.jobNamespace], wanted) !== keyOf(namespace ?? undefined, name)) continue
      this.#agents.get(uid)?.see(isGone ? undefined : report)
    }
  }

  async #beat(signal: AbortSignal): Promise<void> {
    while (await later(HEARTBEAT_MS, signal)) {
      for (const name of this.#behaviours.keys()) {
        const { metadata, spec } = heartbeat(name, new Date().toISOString())
        await this.#client.merge(LEASES, metadata, { spec }).catch(() => {})
      }
    }
  }
}

/** False as soon as the signal aborts. */
function later(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return sleep(milliseconds, true, { signal }).catch(() => false)
}
