import type { Logger } from 'pino'
import { LABELS } from '../crds/labels.ts'
import { TRACE_JOBS } from '../crds/resources.ts'
import { isNotFound } from '../kube/errors.ts'
import { jobUid, type Known } from './caches.ts'
import type { Key } from './cluster.ts'
import type { Changes, Outcome, WakeUp } from './controller.ts'
import type { DaemonSetWrites } from './daemon-set-writes.ts'
import type { LeaderClient } from './leading-client.ts'
import type { DaemonSet, LiveTraceJob } from './seen.ts'

export interface OrphansOptions {
  client: LeaderClient
  caches: Known
  /** The operator's own. */
  namespace: string
  daemonSets: DaemonSetWrites
  deleted: () => void
  log: Logger
}

/** The job is there, and the cache does not have it: it is behind, or that namespace is none of those we watch. */
const LOOK_AGAIN_MS = 60_000

/**
 * DaemonSets whose TraceJob is gone: nothing else would take them away, for owners do not reach across namespaces.
 * Keys are the names of DaemonSets, all of our own instance. Only to be used with filled caches.
 */
export class Orphans implements Changes {
  readonly #options: OrphansOptions

  constructor(options: OrphansOptions) {
    this.#options = options
  }

  keys(): Iterable<Key> {
    return this.#options.caches.daemonSets.list().map(({ metadata }) => metadata.name)
  }

  on(wakeUp: WakeUp): Disposable {
    const { jobs, daemonSets } = this.#options.caches
    const stack = new DisposableStack()
    stack.use(
      daemonSets.on(({ type, object }) => {
        if (type === 'added') wakeUp(object.metadata.name, 0)
      }),
    )
    stack.use(
      jobs.on(({ type, object }) => {
        if (type !== 'deleted') return
        for (const { metadata } of daemonSets.byIndex('jobUid', object.metadata.uid)) wakeUp(metadata.name, 0)
      }),
    )
    return stack
  }

  /** Deletes the DaemonSet of that name if its TraceJob is gone. Throws what the API server says. */
  async sweep(name: Key): Promise<Outcome> {
    const { caches, namespace, daemonSets, deleted, log } = this.#options
    const daemonSet = caches.daemonSets.get(namespace, name)
    const uid = daemonSet && jobUid(daemonSet)
    if (!daemonSet || !uid || caches.jobs.byIndex('uid', uid).length > 0) return { failed: false }
    const job = placeOfJob(daemonSet)
    if (!job) {
      log.warn({ daemonSet: name }, 'somebody took away the labels that say whose this DaemonSet is')
      return { failed: false }
    }
    if ((await this.#liveUid(job)) === uid) return { failed: false, againInMs: LOOK_AGAIN_MS }
    log.info({ daemonSet: name, jobUid: uid }, 'deleting a DaemonSet: its TraceJob is gone')
    await daemonSets.remove({ name, uid: daemonSet.metadata.uid ?? '' })
    daemonSets.forget(uid)
    deleted()
    return { failed: false }
  }

  /** Of the TraceJob that now has the name. No cache is believed: it may be of before the TraceJob was created. */
  async #liveUid(place: Place): Promise<string | undefined> {
    try {
      const job = await this.#options.client.get<LiveTraceJob>(TRACE_JOBS, place)
      return job.metadata.uid
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }
}

interface Place {
  namespace: string
  name: string
}

function placeOfJob({ metadata: { labels } }: DaemonSet): Place | undefined {
  const [namespace, name] = [labels?.[LABELS.jobNamespace], labels?.[LABELS.job]]
  return namespace && name ? { namespace, name } : undefined
}
