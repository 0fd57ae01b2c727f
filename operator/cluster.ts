/** What reconcile needs of the world, in its own words. live-cluster.ts is the one that has an API server behind it; tests have another. */
import type { TraceJobStatus } from '../crds/trace-job.ts'
import type { Action, ActionFailure } from './action.ts'
import type { LiveTraceJob, Seen } from './seen.ts'

/** `namespace/name` of a TraceJob. */
export type Key = string

export interface Cluster {
  /** The API server's time. */
  now(): Date

  /** As it was last seen or written; undefined when it is gone. */
  traceJob(key: Key): LiveTraceJob | undefined

  /** What belongs to it, as it was last seen or written. */
  observe(job: LiveTraceJob): Seen

  /** The same, asked of the API server now; undefined when the job is gone. */
  observeAfresh(job: LiveTraceJob): Promise<Seen | undefined>

  /** Does all that can be done, and returns what could not. Throws only where nothing more can be done at all. */
  apply(job: LiveTraceJob, actions: readonly Action[]): Promise<ActionFailure[]>

  /** In how many milliseconds what was written and has not been seen since no longer counts; undefined: all has been seen. */
  unseenMs(job: LiveTraceJob): number | undefined

  /** Returns in how many milliseconds to write it, where that is too early; undefined when nothing is left to write. */
  writeStatus(job: LiveTraceJob, status: TraceJobStatus): Promise<number | undefined>
}
