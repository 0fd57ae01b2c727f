/** One trace on one machine, from the manifest to the finished report. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { AttachMode } from '../crds/attach-mode.ts'
import type { Ledger } from '../crds/ledger.ts'
import type { TraceReportStatus } from '../crds/report-status.ts'
import type { TraceJob } from '../crds/trace-job.ts'
import { loadFirst } from './attach.ts'
import { compile } from './compile.ts'
import { obstacle } from './diagnose.ts'
import { kernelFacts } from './kernel.ts'
import { objectLayout } from './layout.ts'
import { PerfReader } from './reader.ts'
import { Session } from './session.ts'
import { setupFor } from './setup.ts'

export interface TraceRequest {
  /** Defaults applied. */
  job: TraceJob
  nodeName: string
  format: 'JSON' | 'Table' | 'None'
  /** Takes formatted lines; the bytes may be reused once it returns. */
  write: (chunk: Uint8Array) => void
  log: Logger
  /** Compiled objects are kept below it. */
  cacheDir: string
}

export interface Progress {
  ledger: Ledger
  elapsedSeconds: number
  /** null: until stopped. */
  remainingSeconds: number | null
}

export interface RunningTrace {
  readonly mode: AttachMode
  readonly probes: readonly string[]
  /** Cheap: reads mapped counters. */
  progress(): Progress
  /** Detaches in order; more than once is the same as once. */
  stop(why: 'Signal' | 'Deadline'): void
  /** The finished report. Rejects when reading or writing failed; the probes are gone in any case. */
  readonly finished: Promise<TraceReportStatus>
}

/**
 * Compiles, loads and attaches; resolves when every matching open is being seen.
 * Throws TraceFailure, and leaves nothing attached then.
 */
export async function startTrace(request: TraceRequest): Promise<RunningTrace> {
  const kernel = kernelFacts()
  const inTheWay = obstacle(kernel)
  if (inTheWay) throw inTheWay
  const { spec } = request.job
  const compiled = await compile(request.cacheDir)
  const layout = objectLayout(compiled.bytes)

  using stack = new DisposableStack()
  const reader = stack.use(new PerfReader())
  const attached = stack.use(
    loadFirst(compiled, spec.attachMode, kernel, setupFor(spec.filter, reader.outputs)),
  )
  for (const { plan, error } of attached.refused)
    request.log.debug({ mode: plan.mode, by: plan.by, errno: error.errno }, 'attach mode refused')
  const session = stack.use(new Session({ request, compiled, layout, kernel, reader, attached }))
  session.begin()

  const owned = stack.move()
  const stopped = Promise.withResolvers<'Signal' | 'Deadline'>()
  const stop = stopped.resolve
  session.onError = stopped.reject
  const deadline =
    spec.durationSeconds === undefined ? undefined : setTimeout(stop, spec.durationSeconds * 1000, 'Deadline')
  const finished = (async () => {
    try {
      const why = await stopped.promise
      return await session.end(why, sleep)
    } finally {
      clearTimeout(deadline)
      owned.dispose()
    }
  })()
  return {
    mode: attached.plan.mode,
    probes: session.probes,
    progress: () => session.progress(),
    stop,
    finished,
  }
}
