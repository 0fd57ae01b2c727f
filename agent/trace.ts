/** One trace on one machine, from the manifest to the finished report. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { AttachMode } from '../crds/attach-mode.ts'
import type { Ledger } from '../crds/ledger.ts'
import type { TraceReportStatus } from '../crds/report-status.ts'
import type { TraceJob } from '../crds/trace-job.ts'
import { loadFirst } from './attach.ts'
import { Attribution } from './attribution.ts'
import { compile } from './compile.ts'
import { Deadline } from './deadline.ts'
import { obstacle } from './diagnose.ts'
import { kernelFacts } from './kernel.ts'
import { objectLayout } from './layout.ts'
import type { Origins } from './origins.ts'
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
  /** Whether `write` has room for more events: while it has not, they are withheld. Absent: always. */
  hasRoom?: () => boolean
  log: Logger
  /** Compiled objects are kept below it. */
  cacheDir: string
  /** Whose opens are whose; absent: nobody asks, as on a machine that is in no cluster. */
  origins?: Origins
}

export interface Progress {
  ledger: Ledger
  elapsedSeconds: number
  /** null: until stopped. */
  remainingSeconds: number | null
}

/** Deleted: what asked for the trace is gone. */
export type StopReason = 'Signal' | 'Deadline' | 'Deleted'

export interface RunningTrace {
  readonly mode: AttachMode
  readonly probes: readonly string[]
  /** Cheap: reads mapped counters. */
  progress(): Progress
  /** What the finished report would say as far as is known: the state Tracing, the ledger not settled. */
  report(): TraceReportStatus
  /** Moves the deadline to so many seconds after the attach; undefined: until stopped. */
  setDuration(seconds: number | undefined): void
  /** Detaches in order; more than once is the same as once. */
  stop(why: StopReason): void
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
  const attribution = request.origins && stack.use(new Attribution(request.origins, layout.event))
  const attached = stack.use(
    loadFirst(compiled, spec.attachMode, kernel, setupFor(spec.filter, reader.outputs, attribution)),
  )
  for (const { plan, error } of attached.refused)
    request.log.debug({ mode: plan.mode, by: plan.by, errno: error.errno }, 'attach mode refused')
  const session = stack.use(new Session({ request, compiled, layout, kernel, reader, attached, attribution }))
  session.begin()

  const owned = stack.move()
  const stopped = Promise.withResolvers<StopReason>()
  const stop = stopped.resolve
  session.onError = stopped.reject
  const deadline = new Deadline(() => stop('Deadline'))
  deadline.set(spec.durationSeconds)
  let isOver = false
  /** What is shared with the kernel is unmapped at the end: to read it then would be a crash. */
  const whileItRuns = <T>(read: () => T): T => {
    if (isOver) throw new Error('the trace is over')
    return read()
  }
  const finished = (async () => {
    try {
      const why = await stopped.promise
      return await session.end(why, sleep)
    } finally {
      isOver = true
      deadline[Symbol.dispose]()
      owned.dispose()
    }
  })()
  return {
    mode: attached.plan.mode,
    probes: session.probes,
    progress: () =>
      whileItRuns(() => ({
        ledger: session.ledger(),
        elapsedSeconds: session.elapsedSeconds,
        remainingSeconds: deadline.remainingSeconds,
      })),
    report: () => whileItRuns(() => session.report()),
    setDuration: seconds => deadline.set(seconds),
    stop,
    finished,
  }
}
