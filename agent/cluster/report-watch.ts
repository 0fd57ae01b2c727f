/** Follows our own TraceReport, and nothing else. */
import type { Logger } from 'pino'
import { reportName } from '../../crds/report-name.ts'
import { TRACE_REPORTS } from '../../crds/resources.ts'
import type { Client } from '../../kube/client.ts'
import { Reflector } from '../../kube/reflector.ts'
import type { JobIdentity } from './handed-job.ts'
import { type OwnReport, ownReport, type ReportObject } from './own-report.ts'

interface Surroundings {
  client: Client
  job: JobIdentity
  nodeName: string
  log: Logger
}

export class ReportWatch {
  readonly #reflector: Reflector<ReportObject>
  #current: OwnReport | undefined

  constructor({ client, job, nodeName, log }: Surroundings) {
    const name = reportName(job.name, nodeName)
    this.#reflector = new Reflector({
      client,
      resource: TRACE_REPORTS,
      namespace: job.namespace,
      fieldSelector: `metadata.name=${name}`,
      log,
    })
    this.#reflector.on(({ type, object }) => {
      this.#current = type === 'deleted' ? undefined : ownReport(object, job.uid)
      if (type !== 'deleted' && !this.#current && !object.metadata.deletionTimestamp)
        log.warn({ report: name, uid: object.metadata.uid }, 'the report is not of our job')
    })
  }

  /** The report as last heard of: it stays while the API server is away. Undefined: gone, or not there yet. */
  get current(): OwnReport | undefined {
    return this.#current
  }

  /** Calls after each change. */
  onChange(call: () => void): Disposable {
    return this.#reflector.on(call)
  }

  /** Ends with the signal only. */
  run(signal: AbortSignal): Promise<void> {
    return this.#reflector.run(signal)
  }
}
