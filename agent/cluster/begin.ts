/** Begins the trace of a job on this node. */
import type { Logger } from 'pino'
import type { TraceJob } from '../../crds/trace-job.ts'
import type { Client } from '../../kube/client.ts'
import type { RunningTrace } from '../trace.ts'
import type { Config } from './config.ts'
import type { EventLog } from './event-log.ts'

interface Surroundings {
  config: Config
  client: Client
  events: EventLog
  log: Logger
}

/** Throws TraceFailure, or the reason of the signal, and leaves nothing attached then. */
export async function begin(
  job: TraceJob,
  { config, client, events, log }: Surroundings,
  signal: AbortSignal,
): Promise<RunningTrace> {
  // Only now: where libbpf or Node are not as they should be, that is for the report to say.
  const [{ startTrace }, { nodeOrigins }] = await Promise.all([
    import('../trace.ts'),
    import('./node-origins.ts'),
  ])
  await using stack = new AsyncDisposableStack()
  const { identity, nodeName, inPod, cacheDir } = config
  const { namespace } = identity
  const of = { client, namespace, spec: job.spec, nodeName, inPod, log }
  const origins = stack.use(await nodeOrigins(of, signal))
  signal.throwIfAborted()
  const { write, hasRoom } = events
  const { format } = job.spec.output
  const trace = await startTrace({ job, nodeName, format, write, hasRoom, log, cacheDir, origins })

  const owned = stack.move()
  const close = () => owned.disposeAsync().catch(err => log.error({ err }, 'the pods are still followed'))
  void trace.finished.then(close, close)
  return trace
}
