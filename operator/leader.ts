import type { Logger } from 'pino'
import { GROUP } from '../crds/group-version.ts'
import type { Clock } from '../kube/clock.ts'
import { EventRecorder } from '../kube/recorder.ts'
import { afresh } from './afresh.ts'
import type { Caches } from './caches.ts'
import type { Config } from './config.ts'
import { Controller } from './controller.ts'
import { DaemonSetWrites } from './daemon-set-writes.ts'
import { Executor } from './executor.ts'
import { type Lead, type LeaderClient, LeadingClient } from './leading-client.ts'
import { LiveCluster } from './live-cluster.ts'
import type { Metrics } from './metrics.ts'
import { Orphans } from './orphans.ts'
import { INSTANCE_LABEL } from './our-labels.ts'
import { deploymentAsOwner } from './owner.ts'
import { reconcile } from './reconcile.ts'
import { ReportWrites } from './report-writes.ts'
import type { Settings } from './settings.ts'
import { StatusWriter } from './status-writer.ts'
import { View } from './view.ts'
import { WakeUps } from './wake-ups.ts'

export interface LeaderOptions {
  config: Config
  client: LeaderClient
  caches: Caches
  metrics: Metrics
  log: Logger
  clock: Clock
}

/** What is still to be told of by Events is given so long when the lead ends. */
const FLUSH_MS = 1000

/** Acts on the cluster while it leads. */
export class Leader {
  readonly #options: LeaderOptions
  #jobs: Controller | undefined

  constructor(options: LeaderOptions) {
    this.#options = options
  }

  /** TraceJobs that wait to be looked at. */
  get queueDepth(): number {
    return this.#jobs?.depth ?? 0
  }

  /** One term: resolves soon after its signal has aborted, when nothing is under way any more. */
  async lead(lead: Lead): Promise<void> {
    const { config, caches, metrics, clock, log } = this.#options
    const client = new LeadingClient(this.#options.client, lead)
    // Both wait for the API server for as long as it takes, and no longer than the lead lasts.
    await during(lead.signal, caches.synced())
    const settings = await this.#settings(client, lead.signal)

    await using stack = new AsyncDisposableStack()
    const view = stack.use(new View(caches, settings.maxRunningJobs, clock))
    const recorder = stack.use(this.#recorder(client))
    stack.defer(() => recorder.flush(AbortSignal.timeout(FLUSH_MS)))
    const daemonSets = this.#daemonSetWrites(client, view)
    const statuses = new StatusWriter(clock)
    stack.use(
      caches.jobs.on(({ type, object }) => {
        if (type !== 'deleted') return
        statuses.forget(object.metadata.uid)
        daemonSets.forget(object.metadata.uid)
      }),
    )
    const reports = new ReportWrites(client, view.ownReports)
    const record = recorder.record.bind(recorder)
    const cluster = new LiveCluster({
      client,
      view,
      afresh: afresh(client, config.namespace, lead.signal),
      executor: new Executor({ client, daemonSets, reports, record, log }),
      statuses,
      wroteStatus: change => metrics.wroteStatus(change),
    })
    const { namespace } = config
    const deleted = () => metrics.deletedOrphan()
    const orphans = new Orphans({ client, caches, namespace, daemonSets, deleted, log })

    this.#jobs = new Controller({
      reconcile: key => reconcile(key, cluster, settings),
      changes: new WakeUps(caches),
      workers: config.workers,
      counts: metrics.of('jobs'),
      log,
      clock,
    })
    const sweeps = new Controller({
      reconcile: name => orphans.sweep(name),
      changes: orphans,
      workers: 1,
      counts: metrics.of('orphans'),
      log,
      clock,
    })
    await Promise.all([this.#jobs.run(lead.signal), sweeps.run(lead.signal)])
  }

  async #settings(client: LeaderClient, signal: AbortSignal): Promise<Settings> {
    const { config, clock, log } = this.#options
    const { namespace, instance, agent, maxRunningJobs, deployment } = config
    const owner =
      deployment && (await deploymentAsOwner({ client, namespace, deployment, log, clock }, signal))
    return { namespace, instance, agent, maxRunningJobs, ...(owner && { owner }) }
  }

  #recorder(client: LeaderClient): EventRecorder {
    const { config, log } = this.#options
    const reportingController = `${GROUP}/operator`
    return new EventRecorder({ client, reportingController, reportingInstance: config.podName, log })
  }

  #daemonSetWrites(client: LeaderClient, view: View): DaemonSetWrites {
    const { config, metrics, clock } = this.#options
    return new DaemonSetWrites({
      client,
      namespace: config.namespace,
      instance: { label: INSTANCE_LABEL, value: config.instance },
      own: view.ownDaemonSets,
      healed: () => metrics.healed(),
      clock,
    })
  }
}

/** @throws the signal's reason, if that comes first */
async function during<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
