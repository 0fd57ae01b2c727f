import type { Logger } from 'pino'
import { LABELS } from '../crds/labels.ts'
import { TRACE_JOBS, TRACE_REPORTS } from '../crds/resources.ts'
import type { Client } from '../kube/client.ts'
import type { KubeObject } from '../kube/object.ts'
import { Reflector, type ReflectorOptions } from '../kube/reflector.ts'
import { DAEMON_SETS, PODS, type Resource } from '../kube/resource.ts'
import { keyOf } from '../kube/store.ts'
import { Cache, type Cached } from './cache.ts'
import { keptJob } from './kept-job.ts'
import { keptMetadata } from './kept-metadata.ts'
import { keptPod } from './kept-pod.ts'
import { keptReport } from './kept-report.ts'
import { lenient } from './lenient-client.ts'
import type { AgentPod, DaemonSet, LiveTraceJob, LiveTraceReport } from './seen.ts'

export interface CachesOptions {
  client: Pick<Client, 'list' | 'watch'>
  /** The operator's own. */
  namespace: string
  /** Of TraceJobs; empty: all. */
  watchNamespaces: readonly string[]
  /** Selects what is ours of DaemonSets and pods. */
  ours: string
  log: Logger
}

/** What the operator knows of the cluster. */
export interface Known {
  /** Index: `uid`. */
  jobs: Cached<LiveTraceJob>
  /** Index: `job`, the key of the TraceJob that the label names. */
  reports: Cached<LiveTraceReport>
  /** Index: `jobUid`. */
  daemonSets: Cached<DaemonSet>
  /** Index: `jobUid`. */
  pods: Cached<AgentPod>
}

/** The caches of the operator, by reflectors. They are kept on standbys too, so that the next leader knows it at once. */
export class Caches implements Known {
  readonly jobs: Cache<LiveTraceJob>
  readonly reports: Cache<LiveTraceReport>
  readonly daemonSets: Cache<DaemonSet>
  readonly pods: Cache<AgentPod>

  constructor({ client, namespace, watchNamespaces, ours, log }: CachesOptions) {
    const reflect = <T extends KubeObject>(options: Omit<ReflectorOptions<T>, 'log'>) =>
      new Reflector<T>({ ...options, log })
    const some = lenient(client, log)
    const spread = <T extends KubeObject>(resource: Resource, keep: (object: T) => T) =>
      watchNamespaces.length === 0
        ? [reflect<T>({ client, resource, keep })]
        : watchNamespaces.map(each => reflect<T>({ client: some, resource, namespace: each, keep }))
    const own = <T extends KubeObject>(resource: Resource, keep: (object: T) => T) => [
      reflect<T>({ client, resource, namespace, labelSelector: ours, keep }),
    ]
    this.jobs = new Cache('tracejobs', indexed(spread(TRACE_JOBS, keptJob), 'uid', uidOf))
    this.reports = new Cache('tracereports', indexed(spread(TRACE_REPORTS, keptReport), 'job', reportedJob))
    this.daemonSets = new Cache('daemonsets', indexed(own(DAEMON_SETS, keptDaemonSet), 'jobUid', jobUid))
    this.pods = new Cache('pods', indexed(own<AgentPod>(PODS, keptPod), 'jobUid', jobUid))
  }

  /** The plurals of those that are not filled yet. */
  unsynced(): string[] {
    return this.#all.filter(({ hasSynced }) => !hasSynced).map(({ resource }) => resource)
  }

  async synced(): Promise<void> {
    await Promise.all(this.#all.map(cache => cache.synced()))
  }

  /** Ends only by the signal. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#all.map(cache => cache.run(signal)))
  }

  get #all() {
    return [this.jobs, this.reports, this.daemonSets, this.pods]
  }
}

/** The key of the TraceJob that an object's labels name; undefined where they do not. */
export function jobKey({ metadata: { labels } }: KubeObject): string | undefined {
  const [namespace, name] = [labels?.[LABELS.jobNamespace], labels?.[LABELS.job]]
  return namespace && name ? keyOf(namespace, name) : undefined
}

/** A report lies beside its TraceJob, whatever its labels say of a namespace. */
export function reportedJob({ metadata: { namespace, labels } }: KubeObject): string | undefined {
  const name = labels?.[LABELS.job]
  return name && keyOf(namespace, name)
}

export function jobUid({ metadata: { labels } }: KubeObject): string | undefined {
  return labels?.[LABELS.jobUid]
}

function uidOf({ metadata: { uid } }: KubeObject): string | undefined {
  return uid
}

function keptDaemonSet(daemonSet: DaemonSet): DaemonSet {
  return { ...daemonSet, metadata: keptMetadata(daemonSet.metadata) }
}

function indexed<T extends KubeObject>(
  reflectors: Reflector<T>[],
  index: string,
  value: (object: T) => string | undefined,
): Reflector<T>[] {
  for (const { store } of reflectors) store.addIndex(index, value)
  return reflectors
}
