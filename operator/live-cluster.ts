import { TRACE_JOBS } from '../crds/resources.ts'
import type { TraceJobStatus } from '../crds/trace-job.ts'
import { ApiError, isConflict, isNotFound } from '../kube/errors.ts'
import type { KubeObject } from '../kube/object.ts'
import type { Action, ActionFailure } from './action.ts'
import { ActionRefused } from './action-refused.ts'
import type { Afresh } from './afresh.ts'
import { atOnce } from './at-once.ts'
import type { Cluster, Key } from './cluster.ts'
import type { Executor } from './executor.ts'
import { keptJob } from './kept-job.ts'
import { FIELD_MANAGER, type LeaderClient } from './leading-client.ts'
import type { StatusChange } from './metrics.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import type { StatusWriter } from './status-writer.ts'
import type { View } from './view.ts'

/** Of one TraceJob: a thousand reports take seconds, and the API server has others to serve. */
const ACTIONS_AT_ONCE = 8

export interface LiveClusterOptions {
  client: LeaderClient
  view: View
  afresh: Afresh
  executor: Executor
  statuses: StatusWriter
  wroteStatus: (change: StatusChange) => void
}

/** The cluster behind an API server, as its leader sees it and acts on it. */
export class LiveCluster implements Cluster {
  readonly #options: LiveClusterOptions

  constructor(options: LiveClusterOptions) {
    this.#options = options
  }

  now(): Date {
    return this.#options.client.serverNow()
  }

  traceJob(key: Key): LiveTraceJob | undefined {
    const [namespace, name] = key.split('/')
    return this.#options.view.traceJob(namespace, name)
  }

  observe(job: LiveTraceJob): Seen {
    return this.#options.view.observe(job)
  }

  async observeAfresh(job: LiveTraceJob): Promise<Seen | undefined> {
    const { afresh, view } = this.#options
    const found = await afresh(job)
    if (found) return { ...found, place: view.placeOf(job) }
    this.#lost(job)
    return undefined
  }

  async apply(job: LiveTraceJob, actions: readonly Action[]): Promise<ActionFailure[]> {
    const failures: ActionFailure[] = []
    await atOnce(ACTIONS_AT_ONCE, actions, async action => {
      try {
        await this.#options.executor.do(job, action)
      } catch (error) {
        failures.push(failureOf(action, error))
      }
    })
    return failures
  }

  unseenMs(job: LiveTraceJob): number | undefined {
    return this.#options.view.unseenMs(job)
  }

  writeStatus(job: LiveTraceJob, status: TraceJobStatus): Promise<number | undefined> {
    const { uid } = job.metadata
    const write = { uid, before: job.status, after: status }
    return this.#options.statuses.write(write, change => this.#send(job, status, change))
  }

  async #send(job: LiveTraceJob, status: TraceJobStatus, change: StatusChange): Promise<TraceJobStatus> {
    const { client, view, wroteStatus } = this.#options
    const { name, namespace, uid, resourceVersion } = job.metadata
    // By the resourceVersion, a status that was thought out over an old one is refused: an end must never be taken back.
    const object = { metadata: { name, namespace, uid, ...(resourceVersion && { resourceVersion }) }, status }
    const settings = { fieldManager: FIELD_MANAGER, force: true, subresource: 'status' }
    try {
      const written = keptJob((await client.apply<KubeObject>(TRACE_JOBS, object, settings)) as LiveTraceJob)
      view.ownJobs.wrote(uid, written)
      wroteStatus(change)
      return written.status ?? {}
    } catch (error) {
      const isGone = isNotFound(error) || (isConflict(error) && (await this.#uidOf(job)) !== uid)
      if (!isGone) throw error
      this.#lost(job)
      return {}
    }
  }

  /** Of the TraceJob that has the name now. */
  async #uidOf({ metadata: { namespace, name } }: LiveTraceJob): Promise<string | undefined> {
    try {
      const found = await this.#options.client.get<KubeObject>(TRACE_JOBS, { namespace, name })
      return found.metadata.uid
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  /**
   * The cache still has it, and until that knows better nothing more may be done for it: reports that are created would be
   * collected as garbage at once, and created again.
   */
  #lost({ metadata: { uid } }: LiveTraceJob): void {
    this.#options.view.ownJobs.gone(uid, uid)
  }
}

/** @throws the error, where to go on would only lead to the next of the kind: no answer, a server that has too much to do, no lead */
function failureOf(action: Action, error: unknown): ActionFailure {
  if (error instanceof ActionRefused) return { action, message: error.message }
  if (!(error instanceof ApiError) || error.status === 429 || error.status >= 503) throw error
  return { action, status: error.status, message: error.message }
}
