/** The operator: `node operator/main.ts`. What it is told, it is told by its environment: see config.ts. */
import { type Logger, pino } from 'pino'
import type { State } from '../crds/state.ts'
import { Client } from '../kube/client.ts'
import { systemClock } from '../kube/clock.ts'
import type { Credentials } from '../kube/credentials.ts'
import { Elector } from '../kube/elector.ts'
import { inCluster } from '../kube/in-cluster.ts'
import { Caches } from './caches.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { healthRoutes } from './health.ts'
import { Leader } from './leader.ts'
import { Metrics } from './metrics.ts'
import { ourSelector } from './our-labels.ts'
import { serve } from './serve.ts'
import { VERSION } from './version.ts'

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
/** Kubernetes waits longer, but whoever takes over should not. */
const STOP_MS = 4500

/** Runs until the signal aborts. */
async function run(config: Config, log: Logger, signal: AbortSignal): Promise<void> {
  const ended = new AbortController()
  await using stack = new AsyncDisposableStack()
  const client = stack.use(
    new Client(await credentials(config), {
      userAgent: `tracejob-operator/${VERSION}`,
      log,
      onRequest: request => metrics.requested(request),
    }),
  )
  const { namespace, watchNamespaces, instance, lease, identity } = config
  const elector = new Elector({ client, namespace, name: `${instance}-operator`, identity, log, ...lease })
  const caches = new Caches({ client, namespace, watchNamespaces, ours: ourSelector(instance), log })
  const metrics = new Metrics(
    {
      queueDepth: () => leader.queueDepth,
      jobsByState: () => jobsByState(caches),
      isLeader: () => elector.isLeader,
    },
    VERSION,
  )
  const leader = new Leader({ config, client, caches, metrics, log, clock: systemClock })
  const health = healthRoutes({ unsynced: () => caches.unsynced() })
  const { port: healthPort } = stack.use(await serve(health, config.healthPort))
  const { port: metricsPort } = stack.use(await serve(metrics.routes(), config.metricsPort))
  log.info({ version: VERSION, namespace, instance, watchNamespaces, healthPort, metricsPort }, 'started')

  // Caches are kept warm whether or not we lead; they outlive the lead, which may still be looking at them.
  const cached = caches.run(ended.signal)
  const led = elector.run(signal, term => leader.lead({ mayWrite: () => elector.mayWrite(), signal: term }))
  try {
    await Promise.race([led, cached])
  } finally {
    ended.abort()
    await cached
  }
}

async function credentials({ apiServer }: Config): Promise<Credentials> {
  if ('server' in apiServer)
    return inCluster({
      ...apiServer,
      tokenFile: `${SERVICE_ACCOUNT}/token`,
      caFile: `${SERVICE_ACCOUNT}/ca.crt`,
    })
  // It takes 90 MB, which in a cluster nobody needs.
  const { fromKubeconfig } = await import('../kube/kubeconfig.ts')
  return fromKubeconfig({ path: apiServer.kubeconfig })
}

function jobsByState({ jobs }: Caches): Map<State, number> {
  const states = new Map<State, number>()
  for (const { status } of jobs.list()) {
    const state = status?.state ?? 'Pending'
    states.set(state, (states.get(state) ?? 0) + 1)
  }
  return states
}

function readConfigOrExit(): Config {
  try {
    return readConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`tracejob-operator: ${error.message.replaceAll('\n', '\n  ')}\n`)
    process.exit(1)
  }
}

const config = readConfigOrExit()
const log = pino(
  { level: config.logLevel, base: { pod: config.podName } },
  pino.destination({ dest: 2, sync: true }),
)
const stop = new AbortController()

function fail(error: unknown): never {
  log.fatal({ err: error }, 'this can not be gone on from')
  process.exit(1)
}

function stopOn(signal: NodeJS.Signals): void {
  log.info({ signal }, 'stopping')
  stop.abort(new Error(`stopped by ${signal}`))
  setTimeout(() => fail(new Error(`still not stopped ${STOP_MS} ms after ${signal}`)), STOP_MS).unref()
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
process.once('SIGTERM', stopOn)
process.once('SIGINT', stopOn)
try {
  await run(config, log, stop.signal)
} catch (error) {
  fail(error)
}
log.info('stopped')
process.exit(0)
