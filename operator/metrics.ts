/** What Prometheus can ask of the operator. Every label has few values: no job, node or pod has a series of its own. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type State, stateSchema } from '../crds/state.ts'
import type { Counts } from './controller.ts'
import type { Routes } from './serve.ts'

const PREFIX = 'tracejob_operator_'
/** From a look into the cache to one that creates a thousand reports. */
const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30]

export type StatusChange = 'state' | 'counters'

/** What is asked for when a scrape comes, rather than kept up to date. */
export interface Gauges {
  queueDepth(): number
  jobsByState(): ReadonlyMap<State, number>
  isLeader(): boolean
}

export class Metrics {
  readonly #registry = new Registry()
  readonly #reconciles = this.#counter('reconciles_total', 'Reconciles by how they ended.', [
    'queue',
    'result',
  ])
  readonly #reconcileSeconds = this.#histogram('reconcile_duration_seconds', 'How long a reconcile took.', [
    'queue',
  ])
  readonly #adds = this.#counter('queue_adds_total', 'Changes that asked for a reconcile.', ['queue'])
  readonly #retries = this.#counter('queue_retries_total', 'Reconciles to be tried again.', ['queue'])
  readonly #waits = this.#histogram('queue_wait_seconds', 'How long a key waited for a worker.', ['queue'])
  readonly #requests = this.#counter('api_requests_total', 'Requests to the API server; code 0: no answer.', [
    'verb',
    'resource',
    'code',
  ])
  readonly #requestSeconds = this.#histogram(
    'api_request_duration_seconds',
    'How long the API server took to answer.',
    ['verb', 'resource'],
  )
  readonly #watches = this.#counter('watches_total', 'Watches opened: each a restart but the first.', [
    'resource',
  ])
  readonly #statusWrites = this.#counter('status_writes_total', 'Writes of the status of a TraceJob.', [
    'change',
  ])
  readonly #heals = this.#counter('heals_total', 'DaemonSets put right after somebody edited them.')
  readonly #orphans = this.#counter(
    'orphans_deleted_total',
    'DaemonSets deleted because their TraceJob is gone.',
  )

  constructor(gauges: Gauges, version: string) {
    const registers = [this.#registry]
    new Gauge({
      name: `${PREFIX}queue_depth`,
      help: 'Keys that wait for a worker.',
      registers,
      collect() {
        this.set(gauges.queueDepth())
      },
    })
    new Gauge({
      name: `${PREFIX}jobs`,
      help: 'TraceJobs by state.',
      labelNames: ['state'],
      registers,
      collect() {
        const jobs = gauges.jobsByState()
        for (const state of stateSchema.options) this.set({ state }, jobs.get(state) ?? 0)
      },
    })
    new Gauge({
      name: `${PREFIX}leader`,
      help: '1 on the replica that leads, 0 on the others.',
      registers,
      collect() {
        this.set(gauges.isLeader() ? 1 : 0)
      },
    })
    new Gauge({
      name: `${PREFIX}build_info`,
      help: 'Always 1; the labels say what runs.',
      labelNames: ['version', 'node'],
      registers,
    }).set({ version, node: process.version }, 1)
    // The process itself: CPU, memory, descriptors, the lag of its event loop.
    collectDefaultMetrics({ register: this.#registry })
  }

  /** What is counted of one queue. */
  of(queue: 'jobs' | 'orphans'): Counts {
    return {
      reconciled: (result, seconds) => {
        this.#reconciles.inc({ queue, result })
        this.#reconcileSeconds.observe({ queue }, seconds)
      },
      added: () => this.#adds.inc({ queue }),
      retried: () => this.#retries.inc({ queue }),
      taken: waitedSeconds => this.#waits.observe({ queue }, waitedSeconds),
    }
  }

  /** @param status of HTTP; 0 where there was no answer */
  requested(request: { verb: string; resource: string; status: number; seconds: number }): void {
    const { verb, resource, status, seconds } = request
    this.#requests.inc({ verb, resource, code: String(status) })
    // A watch lasts as long as it may; that says nothing of the server.
    if (verb !== 'watch') this.#requestSeconds.observe({ verb, resource }, seconds)
    else this.#watches.inc({ resource })
  }

  wroteStatus(change: StatusChange): void {
    this.#statusWrites.inc({ change })
  }

  healed(): void {
    this.#heals.inc()
  }

  deletedOrphan(): void {
    this.#orphans.inc()
  }

  routes(): Routes {
    const { contentType } = this.#registry
    return { '/metrics': async () => ({ status: 200, contentType, body: await this.#registry.metrics() }) }
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name: PREFIX + name, help, labelNames, registers: [this.#registry] })
  }

  #histogram(name: string, help: string, labelNames: string[] = []): Histogram {
    const registers = [this.#registry]
    return new Histogram({ name: PREFIX + name, help, labelNames, buckets: SECONDS, registers })
  }
}
