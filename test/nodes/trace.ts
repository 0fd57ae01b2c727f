/** A TraceJob in a scene: what its objects say, and what its agents have logged. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenEvent } from '../../crds/event.ts'
import { LABELS } from '../../crds/labels.ts'
import { reportName } from '../../crds/report-name.ts'
import { TRACE_JOBS, TRACE_REPORTS } from '../../crds/resources.ts'
import type { TraceJobStatus } from '../../crds/trace-job.ts'
import type { TraceReport, TraceReportStatus } from '../../crds/trace-report.ts'
import { isNotFound } from '../../kube/errors.ts'
import type { KubeObject } from '../../kube/object.ts'
import { DAEMON_SETS, PODS, type Resource } from '../../kube/resource.ts'
import { processesIn, read } from './processes.ts'
import type { NodeScene } from './scene.ts'

const STEP_MS = 50
/** By kubectl, and of all there is. */
const LOG_STEP_MS = 500
/** Far more than anything takes that is on its way. */
const DEADLINE_SECONDS = 240

export interface Place {
  name: string
  namespace: string
  /** The name of the release in charge, and of its namespace. Default: tracejob. */
  release?: string
}

class NotSeen extends Error {
  override name = 'NotSeen'
}

export class Trace {
  readonly name: string
  readonly namespace: string
  readonly #release: string
  readonly #scene: NodeScene

  constructor(scene: NodeScene, { name, namespace, release = 'tracejob' }: Place) {
    this.name = name
    this.namespace = namespace
    this.#release = release
    this.#scene = scene
  }

  /** Applies the TraceJob. Its log is whole unless `spec` says otherwise. */
  static async begin(scene: NodeScene, place: Place, spec: object = {}): Promise<Trace> {
    const trace = new Trace(scene, place)
    await scene.cluster.apply(trace.manifest(spec))
    return trace
  }

  manifest(spec: object): object {
    return {
      apiVersion: 'tracejob.dev/v1alpha1',
      kind: 'TraceJob',
      metadata: { name: this.name, namespace: this.namespace },
      spec: { output: { maxEventsPerSecond: 1_000_000 }, ...spec },
    }
  }

  /** undefined: there is none, or it has no status yet. */
  async status(): Promise<TraceJobStatus | undefined> {
    return (await this.#get<KubeObject & { status?: TraceJobStatus }>(TRACE_JOBS, this.name))?.status
  }

  /** What the node says. */
  async report(): Promise<TraceReportStatus | undefined> {
    return (await this.#get<TraceReport>(TRACE_REPORTS, reportName(this.name, this.#scene.node.name)))?.status
  }

  /** Waits until the status of the TraceJob says that. */
  said(what: string, look: (status: TraceJobStatus) => unknown): Promise<TraceJobStatus> {
    return this.#until(what, () => this.status(), look)
  }

  reported(what: string, look: (status: TraceReportStatus) => unknown): Promise<TraceReportStatus> {
    return this.#until(what, () => this.report(), look)
  }

  /** Waits until the node traces: what is opened from then on is seen. */
  tracing(): Promise<TraceReportStatus> {
    return this.reported('it traces', ({ state }) => state === 'Tracing')
  }

  /** Waits until the node traces and has received that many opens. */
  received(count: number): Promise<TraceReportStatus> {
    const look = ({ ledger, state }: TraceReportStatus) => state === 'Tracing' && ledger?.received === count
    return this.reported(`${count} opens`, look)
  }

  ended(): Promise<TraceJobStatus> {
    return this.said('it has ended', ({ state }) => state === 'Completed' || state === 'Failed')
  }

  /** The pods of its agents. */
  agents(): Promise<KubeObject[]> {
    return this.#ofJob(PODS)
  }

  /** The process of its only agent. */
  async agentProcess(): Promise<number> {
    const [{ metadata }] = await this.agents()
    return processesIn(metadata.uid!).find(pid => read(pid, 'cmdline').includes('/agent/main.js'))!
  }

  /** As people get it. */
  logs(): Promise<string> {
    return this.#scene.kubectl('logs', '-n', this.#release, '-l', this.#selector, '--tail=-1')
  }

  /** The opens in the log. */
  async events(): Promise<OpenEvent[]> {
    const lines = (await this.logs()).split('\n').filter(line => line.startsWith('{"kind":"open"'))
    return lines.map(line => JSON.parse(line))
  }

  /** Waits until the log has opens that are as wanted. */
  logged(what: string, look: (events: OpenEvent[]) => unknown): Promise<OpenEvent[]> {
    return this.#until(what, () => this.events(), look, LOG_STEP_MS)
  }

  /** Deletes the TraceJob, and waits until its agents are gone. */
  async end(): Promise<void> {
    await this.#scene.kubectl('delete', 'tj', this.name, '-n', this.namespace)
    await this.agentsGone()
  }

  agentsGone(): Promise<unknown> {
    const left = async () => [...(await this.#ofJob(DAEMON_SETS)), ...(await this.#ofJob(PODS))]
    return this.#until('its agents are gone', left, objects => objects.length === 0)
  }

  get #selector(): string {
    return `${LABELS.job}=${this.name},${LABELS.jobNamespace}=${this.namespace}`
  }

  async #ofJob(resource: Resource): Promise<KubeObject[]> {
    const query = { namespace: this.#release, labelSelector: this.#selector }
    return (await this.#scene.client.list<KubeObject>(resource, query)).items
  }

  async #get<T>(resource: Resource, name: string): Promise<T | undefined> {
    try {
      return await this.#scene.client.get<T>(resource, { namespace: this.namespace, name })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  async #until<T>(
    what: string,
    get: () => Promise<T | undefined>,
    look: (seen: T) => unknown,
    stepMs = STEP_MS,
  ): Promise<T> {
    const deadline = performance.now() + DEADLINE_SECONDS * 1000
    for (;;) {
      const seen = await get()
      if (seen !== undefined && look(seen)) return seen
      if (performance.now() > deadline) {
        const last = `${JSON.stringify(seen, null, 1)}\n${await this.#scene.state()}`
        throw new NotSeen(`${this.name}: ${DEADLINE_SECONDS} s have passed without this: ${what}\n${last}`)
      }
      await sleep(stepMs)
    }
  }
}

/** Of each condition `True Reason`. */
export function conditionsOf({ conditions = [] }: TraceJobStatus): Record<string, string> {
  return Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]))
}
