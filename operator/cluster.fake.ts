import type { TraceJobStatus } from '../crds/trace-job.ts'
import type { Action, ActionFailure } from './action.ts'
import type { Cluster, Key } from './cluster.ts'
import type { AgentPod, DaemonSet, LiveTraceJob, LiveTraceReport, Seen } from './seen.ts'
import { secondsAfter } from './time.ts'

type Report = LiveTraceReport['status']

/** A cluster of one TraceJob, in which what is applied is so at once, and time passes when a test says so. */
export class FakeCluster implements Cluster {
  job: LiveTraceJob | undefined
  daemonSet: DaemonSet | undefined
  pods: AgentPod[] = []
  reports: LiveTraceReport[] = []
  place = 0
  /** All that was done, as `createReport who.a`; statuses as `status Tracing`. */
  readonly done: string[] = []
  /** What the API server says to an action, if it refuses it. */
  refuse: (action: Action) => string | undefined = () => undefined
  /** What is seen afresh, where the caches are behind. */
  afresh: Partial<Seen> | 'gone' = {}
  unseenInMs: number | undefined
  #now = new Date('2026-11-23T12:00:00Z')
  readonly #nodes: string[]

  constructor(job: LiveTraceJob | undefined, nodes: string[]) {
    this.job = job
    this.#nodes = nodes
  }

  pass(seconds: number): void {
    this.#now = secondsAfter(this.#now, seconds)
  }

  /** The agent of that node says so. */
  report(node: string, status: Report): void {
    this.reports = this.reports.map(each => (each.spec.nodeName === node ? { ...each, status } : each))
  }

  now(): Date {
    return this.#now
  }

  traceJob(_: Key): LiveTraceJob | undefined {
    return this.job
  }

  observe(): Seen {
    const { daemonSet, pods, reports, place } = this
    return { daemonSet, pods, reports, place }
  }

  async observeAfresh(): Promise<Seen | undefined> {
    return this.afresh === 'gone' ? undefined : { ...this.observe(), ...this.afresh }
  }

  async apply(_: LiveTraceJob, actions: readonly Action[]): Promise<ActionFailure[]> {
    return actions.flatMap(action => {
      const message = this.refuse(action)
      if (message !== undefined) return [{ action, status: 403, message }]
      this.#do(action)
      this.done.push(said(action))
      return []
    })
  }

  unseenMs(): number | undefined {
    return this.unseenInMs
  }

  async writeStatus(job: LiveTraceJob, status: TraceJobStatus): Promise<undefined> {
    if (JSON.stringify(job.status) === JSON.stringify(status)) return
    this.job = { ...job, status }
    this.done.push(`status ${status.state}`)
  }

  #do(action: Action): void {
    const creationTimestamp = this.#now.toISOString()
    switch (action.do) {
      case 'createDaemonSet': {
        const { name, labels = {} } = action.daemonSet.metadata
        const metadata = {
          ...action.daemonSet.metadata,
          uid: `uid-of-${name}`,
          generation: 1,
          creationTimestamp,
        }
        const status = { observedGeneration: 1, desiredNumberScheduled: this.#nodes.length }
        this.daemonSet = { ...action.daemonSet, metadata, status }
        this.pods = this.#nodes.map(nodeName => ({
          metadata: {
            name: `agent-${nodeName}`,
            namespace: 'system',
            labels,
            creationTimestamp,
          },
          spec: { nodeName },
          status: { phase: 'Running' },
        }))
        break
      }
      case 'healDaemonSet':
        this.daemonSet = { ...this.daemonSet, ...action.daemonSet }
        break
      case 'deleteDaemonSet':
        this.daemonSet = undefined
        this.pods = []
        break
      case 'createReport': {
        const { metadata, spec } = action.report
        const uid = `uid-of-${metadata.name}`
        this.reports.push({
          metadata: { ...metadata, uid, creationTimestamp },
          spec,
          status: { state: 'Pending' },
        })
        break
      }
      case 'adjustReport':
        this.reports = this.reports.map(report =>
          report.metadata.name === action.name
            ? { ...report, spec: { ...report.spec, ...action.spec } }
            : report,
        )
        break
      case 'deleteReport':
        this.reports = this.reports.filter(({ metadata }) => metadata.name !== action.name)
        break
      case 'deleteJob':
        this.job = undefined
        break
    }
  }
}

function said(action: Action): string {
  switch (action.do) {
    case 'createDaemonSet':
    case 'healDaemonSet':
      return `${action.do} ${action.daemonSet.metadata.name}`
    case 'createReport':
      return `${action.do} ${action.report.metadata.name}`
    case 'record':
      return `${action.do} ${action.reason}`
    case 'deleteJob':
      return action.do
    default:
      return `${action.do} ${action.name}`
  }
}
