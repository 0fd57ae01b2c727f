import { LABELS } from '../crds/labels.ts'
import { TRACE_REPORTS } from '../crds/resources.ts'
import { isAlreadyExists } from '../kube/errors.ts'
import type { KubeObject } from '../kube/object.ts'
import { keyOf } from '../kube/store.ts'
import type { Action, NewReport } from './action.ts'
import { ActionRefused } from './action-refused.ts'
import { keptReport } from './kept-report.ts'
import { ignoreGone, type LeaderClient } from './leading-client.ts'
import type { OwnWrites } from './own-writes.ts'
import type { LiveTraceJob, LiveTraceReport } from './seen.ts'

export class ReportWrites {
  readonly #client: LeaderClient
  readonly #own: OwnWrites<LiveTraceReport>

  /** @param own by the key of the job */
  constructor(client: LeaderClient, own: OwnWrites<LiveTraceReport>) {
    this.#client = client
    this.#own = own
  }

  /** Fine where it is there already. @throws ActionRefused where it is somebody else's */
  async create(job: LiveTraceJob, report: NewReport): Promise<void> {
    try {
      this.#wrote(job, await this.#client.create<KubeObject>(TRACE_REPORTS, report))
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      await this.#adopt(job, report)
    }
  }

  async adjust(
    job: LiveTraceJob,
    { name, uid, spec }: Extract<Action, { do: 'adjustReport' }>,
  ): Promise<void> {
    const place = { namespace: job.metadata.namespace, name }
    const patch = { metadata: { uid }, spec }
    const adjusted = await ignoreGone(this.#client.merge<KubeObject>(TRACE_REPORTS, place, patch))
    if (adjusted) this.#wrote(job, adjusted)
  }

  async remove(job: LiveTraceJob, { name, uid }: { name: string; uid: string }): Promise<void> {
    const { namespace } = job.metadata
    await ignoreGone(this.#client.remove(TRACE_REPORTS, { namespace, name }, { uid }))
    // If it was gone already, no cache will tell.
    this.#own.gone(keyOf(namespace, job.metadata.name), uid)
  }

  /** Whether it is of this TraceJob or of one before is for the plan: it has only to be seen. */
  async #adopt(job: LiveTraceJob, { metadata: { namespace, name } }: NewReport): Promise<void> {
    const found = await this.#client.get<KubeObject>(TRACE_REPORTS, { namespace, name })
    if (found.metadata.labels?.[LABELS.job] !== job.metadata.name)
      throw new ActionRefused(
        `There is a TraceReport ${name} already that is not this TraceJob's: delete it.`,
      )
    this.#wrote(job, found)
  }

  #wrote({ metadata: { namespace, name } }: LiveTraceJob, report: KubeObject): void {
    this.#own.wrote(keyOf(namespace, name), keptReport(report))
  }
}
