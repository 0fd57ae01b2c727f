import { TRACE_REPORTS } from '../../crds/resources.ts'
import type { TraceReport, TraceReportStatus } from '../../crds/trace-report.ts'
import type { Client } from '../../kube/client.ts'
import { tracingReport } from './agent-report.ts'
import type { Behaviour } from './behaviour.ts'

export interface FakeAgentOptions {
  client: Client
  jobUid: string
  behaviour: Behaviour
}

/** An agent without a kernel: waits for its report, traces nothing for as long as it is told, and says so in the report. */
export class FakeAgent {
  readonly #options: FakeAgentOptions
  readonly #stopped = new AbortController()
  #report: TraceReport | undefined
  #run: Promise<void> | undefined
  #isTracing = false
  #written = ''
  #wake = Promise.withResolvers<void>()

  constructor(options: FakeAgentOptions) {
    this.#options = options
  }

  get jobUid(): string {
    return this.#options.jobUid
  }

  /** Whether a real one would have probes attached. */
  get isTracing(): boolean {
    return this.#isTracing
  }

  /** Its report as it is now; undefined when it is gone, and with it the job. */
  see(report: TraceReport | undefined): void {
    if (this.#stopped.signal.aborted) return
    const owner = report?.metadata.ownerReferences?.find(({ controller }) => controller)
    this.#report = owner?.uid === this.#options.jobUid ? report : undefined
    if (this.#report) this.#run ??= this.#live()
    this.#wake.resolve()
  }

  /** SIGTERM: what it has not reported it reports; resolves when it has ended. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#wake.resolve()
    await this.#run
  }

  /** SIGKILL. */
  die(): void {
    this.#report = undefined
    this.#stopped.abort()
    this.#wake.resolve()
  }

  async #live(): Promise<void> {
    const { behaviour } = this.#options
    // An older schema gives it none.
    const state = (this.#report?.status as TraceReportStatus | undefined)?.state
    if (state === 'Completed' || state === 'Failed') return
    if (behaviour.does === 'fail') {
      const { reason, message } = behaviour
      await this.#write({ state: 'Failed', failure: { reason, message } })
    } else if (behaviour.does === 'trace') {
      await this.#trace(behaviour)
    }
  }

  async #trace(behaviour: Extract<Behaviour, { does: 'trace' }>): Promise<void> {
    const began = performance.now()
    const startTime = new Date().toISOString()
    let reports = 0
    this.#isTracing = true
    while (this.#report && !this.#stopped.signal.aborted && this.#leftMs(began) > 0) {
      await this.#write(tracingReport(behaviour, reports++, startTime))
      const { reportIntervalSeconds = 1 } = this.#report?.spec ?? {}
      await this.#rest(Math.min(reportIntervalSeconds * 1000, this.#leftMs(began)))
    }
    this.#isTracing = false
    if (!this.#report) return
    const last = tracingReport(behaviour, reports, startTime, new Date().toISOString())
    // Interrupted, it goes on when it is started again.
    await this.#write(this.#leftMs(began) > 0 ? { ...last, state: 'Pending' } : last)
  }

  #leftMs(began: number): number {
    const { durationSeconds } = this.#report?.spec ?? {}
    return durationSeconds === undefined ? Infinity : began + durationSeconds * 1000 - performance.now()
  }

  /** Until the time is over, or the report has changed. */
  async #rest(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds
    const before = JSON.stringify(this.#report?.spec)
    while (performance.now() < until && !this.#stopped.signal.aborted) {
      if (JSON.stringify(this.#report?.spec) !== before) return
      this.#wake = Promise.withResolvers()
      const timer = setTimeout(this.#wake.resolve, Math.max(0, until - performance.now()))
      await this.#wake.promise
      clearTimeout(timer)
    }
  }

  /** What differs from what was written last; until it is written, or nobody wants it any more: the API server may be away for a while. */
  async #write(status: TraceReportStatus): Promise<void> {
    const { client } = this.#options
    const text = JSON.stringify(status)
    if (text === this.#written) return
    for (let tries = 0; this.#report && tries < 100; tries++) {
      const { name, namespace, uid } = this.#report.metadata as {
        name: string
        namespace: string
        uid: string
      }
      try {
        const object = { metadata: { name, namespace, uid }, status }
        const settings = { fieldManager: 'tracejob-agent', force: true, subresource: 'status' }
        await client.apply(TRACE_REPORTS, object, settings)
        this.#written = text
        return
      } catch {
        await new Promise(resolve => setTimeout(resolve, 300))
      }
    }
  }
}
