import { isDeepStrictEqual } from 'node:util'
import type { TraceJobStatus } from '../crds/trace-job.ts'
import type { Clock } from '../kube/clock.ts'
import type { StatusChange } from './metrics.ts'

/** Numbers alone are written so much later than the last write: the more nodes, the more often they change. */
const FEWEST_SECONDS = 2
const MOST_SECONDS = 10
const NODES_PER_SECOND = 100

/** What is written, and whose it is. */
export interface StatusWrite {
  uid: string
  /** As the cache, or our own newer write, has it. */
  before: TraceJobStatus | undefined
  after: TraceJobStatus
}

interface Written {
  status: TraceJobStatus
  /** What the API server made of it. */
  stored: TraceJobStatus
  atMs: number
}

/** Writes a status only when it says something new: a change of state at once, mere counters at a pace that the API server can bear. */
export class StatusWriter {
  readonly #clock: Clock
  readonly #written = new Map<string, Written>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Calls `send` if it is time to, and passes on what it throws. It is to return the status as it is then stored.
   * @returns in how many milliseconds it will be time; undefined when nothing is left to write
   */
  async write(
    { uid, before, after }: StatusWrite,
    send: (change: StatusChange) => Promise<TraceJobStatus>,
  ): Promise<number | undefined> {
    const last = this.#written.get(uid)
    if (isSame(before, after) || (last && isSame(last.status, after) && isSame(last.stored, before)))
      return undefined
    const change = last && turningPoints(last.status) === turningPoints(after) ? 'counters' : 'state'
    const wait = last && change === 'counters' ? last.atMs + paceMs(after) - this.#clock.monotonicMs() : 0
    if (wait > 0) return wait
    // Also if it fails: whoever makes it fail by changing the TraceJob again and again is not to set the pace.
    if (last) last.atMs = this.#clock.monotonicMs()
    const stored = await send(change)
    this.#written.set(uid, { status: after, stored, atMs: this.#clock.monotonicMs() })
    return undefined
  }

  /** The job is gone. */
  forget(uid: string): void {
    this.#written.delete(uid)
  }
}

function paceMs({ nodes }: TraceJobStatus): number {
  const seconds = (nodes?.desired ?? 0) / NODES_PER_SECOND
  return Math.min(MOST_SECONDS, Math.max(FEWEST_SECONDS, seconds)) * 1000
}

/** All that somebody may be waiting for: everything but numbers, and the sentences made of them. */
function turningPoints({ conditions, state, startTime, completionTime, failures }: TraceJobStatus): string {
  const words = conditions?.map(condition => [condition.type, condition.status, condition.reason])
  return JSON.stringify([words, state, startTime, completionTime, failures?.map(({ node }) => node)])
}

/** What is undefined is not there, as in JSON. */
function isSame(a: TraceJobStatus | undefined, b: TraceJobStatus | undefined): boolean {
  const [left, right] = [a, b].map(status => JSON.parse(JSON.stringify(status ?? {})))
  return isDeepStrictEqual(left, right)
}
