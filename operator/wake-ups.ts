import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../kube/replica.ts'
import { keyOf } from '../kube/store.ts'
import { jobKey, type Known, reportedJob } from './caches.ts'
import type { Key } from './cluster.ts'
import type { Changes, WakeUp } from './controller.ts'
import { hasEnded } from './ended.ts'
import type { LiveTraceJob, LiveTraceReport } from './seen.ts'

/** What comes by the hundred when a DaemonSet rolls out is waited for, for so long. */
const SOON_MS = 100
/** Nobody reads the counters of a running trace more often. */
const COUNTERS_MS = 1000

/** Which TraceJob is to be looked at when something in the caches has changed, and how soon. */
export class WakeUps implements Changes {
  readonly #caches: Known

  constructor(caches: Known) {
    this.#caches = caches
  }

  keys(): Iterable<Key> {
    return this.#caches.jobs.list().map(keyOfJob)
  }

  on(wakeUp: WakeUp): Disposable {
    const { jobs, daemonSets, pods, reports } = this.#caches
    const soon = (key: Key | undefined) => {
      if (key) wakeUp(key, SOON_MS)
    }
    const stack = new DisposableStack()
    stack.use(
      jobs.on(change => {
        wakeUp(keyOfJob(change.object), 0)
        if (givesUpItsPlace(change)) for (const job of this.#waiting()) wakeUp(keyOfJob(job), SOON_MS)
      }),
    )
    stack.use(daemonSets.on(({ object }) => soon(jobKey(object))))
    stack.use(pods.on(({ object }) => soon(jobKey(object))))
    stack.use(
      reports.on(change => {
        const key = reportedJob(change.object)
        if (key) wakeUp(key, isAboutCounters(change) ? COUNTERS_MS : SOON_MS)
      }),
    )
    return stack
  }

  /** Whose turn may have come. */
  #waiting(): LiveTraceJob[] {
    return this.#caches.jobs.list().filter(job => !hasEnded(job) && !job.status?.startTime)
  }
}

function keyOfJob({ metadata: { namespace, name } }: LiveTraceJob): Key {
  return keyOf(namespace, name)
}

function givesUpItsPlace(change: Change<LiveTraceJob>): boolean {
  if (change.type === 'deleted') return true
  return change.type === 'updated' && hasEnded(change.object) && !hasEnded(change.old)
}

function isAboutCounters(change: Change<LiveTraceReport>): boolean {
  return (
    change.type === 'updated' && isDeepStrictEqual(turningPoints(change.object), turningPoints(change.old))
  )
}

function turningPoints({ metadata, spec, status }: LiveTraceReport) {
  const { state, startTime, endTime, failure } = status
  return [metadata.deletionTimestamp, spec, state, startTime, endTime, failure?.reason]
}
