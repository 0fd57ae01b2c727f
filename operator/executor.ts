import type { Logger } from 'pino'
import { TRACE_JOBS } from '../crds/resources.ts'
import type { Occurrence } from '../kube/event.ts'
import { apiVersionOf } from '../kube/resource.ts'
import { keyOf } from '../kube/store.ts'
import type { Action } from './action.ts'
import type { DaemonSetWrites } from './daemon-set-writes.ts'
import { ignoreGone, type LeaderClient } from './leading-client.ts'
import type { ReportWrites } from './report-writes.ts'
import type { LiveTraceJob } from './seen.ts'

export interface ExecutorOptions {
  client: LeaderClient
  daemonSets: DaemonSetWrites
  reports: ReportWrites
  record: (occurrence: Occurrence) => void
  log: Logger
}

/** Does one action, so that to do it twice changes nothing, and that it is done to no other object of the same name. */
export class Executor {
  readonly #options: ExecutorOptions

  constructor(options: ExecutorOptions) {
    this.#options = options
  }

  /** @throws ApiError, ActionRefused, NotLeading, and what else the client throws */
  async do(job: LiveTraceJob, action: Action): Promise<void> {
    const { daemonSets, reports } = this.#options
    this.#log(job, action)
    switch (action.do) {
      case 'createDaemonSet':
        return daemonSets.create(job, action.daemonSet)
      case 'healDaemonSet':
        return daemonSets.heal(job, action.daemonSet)
      case 'deleteDaemonSet':
        return daemonSets.remove(action)
      case 'createReport':
        return reports.create(job, action.report)
      case 'adjustReport':
        return reports.adjust(job, action)
      case 'deleteReport':
        return reports.remove(job, action)
      case 'deleteJob':
        return this.#deleteJob(job, action.uid)
      case 'record':
        return this.#record(job, action)
    }
  }

  #deleteJob({ metadata: { namespace, name } }: LiveTraceJob, uid: string): Promise<void> {
    const options = { uid, propagationPolicy: 'Background' } as const
    return ignoreGone(this.#options.client.remove(TRACE_JOBS, { namespace, name }, options))
  }

  #log({ metadata: { namespace, name } }: LiveTraceJob, action: Action): void {
    if (!('because' in action)) return
    const { do: deed, because } = action
    // Of reports there are as many as nodes.
    const level = deed === 'adjustReport' || deed === 'deleteReport' ? 'debug' : 'info'
    this.#options.log[level]({ job: keyOf(namespace, name), action: deed, because }, 'acting')
  }

  #record(
    { metadata }: LiveTraceJob,
    { type, reason, action, note }: Extract<Action, { do: 'record' }>,
  ): void {
    const regarding = { apiVersion: apiVersionOf(TRACE_JOBS), kind: TRACE_JOBS.kind, metadata }
    this.#options.record({ regarding, type, reason, action, note })
  }
}
