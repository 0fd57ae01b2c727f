import type { Clock } from '../kube/clock.ts'
import type { KubeObject } from '../kube/object.ts'
import { keyOf } from '../kube/store.ts'
import type { Cached } from './cache.ts'
import { jobUid, type Known, reportedJob } from './caches.ts'
import type { Key } from './cluster.ts'
import { placeInLine } from './line.ts'
import { daemonSetName } from './names.ts'
import { OwnWrites } from './own-writes.ts'
import type { DaemonSet, LiveTraceJob, LiveTraceReport, Seen } from './seen.ts'

/** The caches, and over them what was written and has not come back yet. */
export class View implements Disposable {
  /** By uid. */
  readonly ownJobs: OwnWrites<LiveTraceJob>
  /** By the uid of the job. */
  readonly ownDaemonSets: OwnWrites<DaemonSet>
  /** By the key of the job. */
  readonly ownReports: OwnWrites<LiveTraceReport>
  readonly #caches: Known
  readonly #maxRunningJobs: number
  readonly #stack = new DisposableStack()

  constructor(caches: Known, maxRunningJobs: number, clock: Clock) {
    this.ownJobs = new OwnWrites(clock)
    this.ownDaemonSets = new OwnWrites(clock)
    this.ownReports = new OwnWrites(clock)
    this.#caches = caches
    this.#maxRunningJobs = maxRunningJobs
    const { jobs, daemonSets, reports } = caches
    this.#stack.use(whenDeleted(jobs, ({ metadata: { uid } }) => this.ownJobs.gone(uid, uid)))
    this.#stack.use(
      whenDeleted(daemonSets, each => this.ownDaemonSets.gone(jobUid(each) ?? '', each.metadata.uid ?? '')),
    )
    this.#stack.use(
      whenDeleted(reports, each => this.ownReports.gone(reportedJob(each) ?? '', each.metadata.uid ?? '')),
    )
  }

  traceJob(namespace: string, name: string): LiveTraceJob | undefined {
    const cached = this.#caches.jobs.get(namespace, name)
    return cached && !this.ownJobs.isGone(cached.metadata.uid) ? this.#newest(cached) : undefined
  }

  observe(job: LiveTraceJob): Seen {
    const { namespace, name, uid } = job.metadata
    const key: Key = keyOf(namespace, name)
    return {
      daemonSet: this.#daemonSet(job),
      pods: this.#caches.pods.byIndex('jobUid', uid),
      reports: this.ownReports.over(key, this.#caches.reports.byIndex('job', key)),
      place: this.placeOf(job),
    }
  }

  /** In how many milliseconds the caches are believed again where they differ from what was written; undefined: they do not. */
  unseenMs({ metadata: { namespace, name, uid } }: LiveTraceJob): number | undefined {
    const lags = [
      this.ownJobs.unseenMs(uid),
      this.ownDaemonSets.unseenMs(uid),
      this.ownReports.unseenMs(keyOf(namespace, name)),
    ]
    const known = lags.filter(lag => lag !== undefined)
    return known.length > 0 ? Math.min(...known) : undefined
  }

  placeOf(job: LiveTraceJob): number {
    const jobs = this.#caches.jobs.list().map(each => this.#newest(each))
    const isRunning = (each: LiveTraceJob) => this.#daemonSet(each) !== undefined
    return placeInLine(job, jobs, isRunning, this.#maxRunningJobs)
  }

  [Symbol.dispose](): void {
    this.#stack.dispose()
  }

  #newest(cached: LiveTraceJob): LiveTraceJob {
    return this.ownJobs.over(cached.metadata.uid, [cached])[0]
  }

  /** Whoever copies it with its labels has made another. */
  #daemonSet({ metadata: { name, uid } }: LiveTraceJob): DaemonSet | undefined {
    const labelled = this.ownDaemonSets.over(uid, this.#caches.daemonSets.byIndex('jobUid', uid))
    return labelled.find(({ metadata }) => metadata.name === daemonSetName(name, uid))
  }
}

function whenDeleted<T extends KubeObject>(cache: Cached<T>, forget: (object: T) => void): Disposable {
  return cache.on(({ type, object }) => {
    if (type === 'deleted') forget(object)
  })
}
