import type { Logger } from 'pino'
import type { Clock } from '../kube/clock.ts'
import { WorkQueue } from '../kube/queue.ts'
import { RateLimit } from '../kube/rate-limit.ts'
import type { Key } from './cluster.ts'
import { isFromOutside } from './outside.ts'

/** What a reconcile comes to. */
export interface Outcome {
  /** An action failed: try again, later each time. */
  failed: boolean
  /** In how many milliseconds time alone will have changed something. */
  againInMs?: number
}

/** How a reconcile ended: all that could be done was, some action failed, or it threw. */
export type ReconcileResult = 'done' | 'failed' | 'threw'

/** Told that something about a job has changed, and how long that may wait for more of the kind. */
export type WakeUp = (key: Key, afterMs: number) => void

/** Where keys come from. */
export interface Changes {
  /** Of all jobs there are. */
  keys(): Iterable<Key>
  on(wakeUp: WakeUp): Disposable
}

/** What is counted. */
export interface Counts {
  reconciled(result: ReconcileResult, seconds: number): void
  added(): void
  retried(): void
  taken(waitedSeconds: number): void
}

export interface ControllerOptions {
  reconcile: (key: Key) => Promise<Outcome>
  changes: Changes
  workers: number
  counts: Counts
  log: Logger
  clock: Clock
  /** From 0 to 1. */
  random?: () => number
}

/** client-go waits up to 1,000 s for what keeps failing; here somebody is waiting too. */
const LONGEST_RETRY_MS = 30_000

/** Reconciles every job whenever something about it changes: several at once, and never two of one job. */
export class Controller {
  readonly #options: ControllerOptions
  #queue: WorkQueue | undefined

  constructor(options: ControllerOptions) {
    this.#options = options
  }

  /** How many keys wait. */
  get depth(): number {
    return this.#queue?.length ?? 0
  }

  /** Works until the signal aborts, and resolves when the last worker has put down what it had. */
  async run(signal: AbortSignal): Promise<void> {
    const { changes, workers, counts, clock, random = Math.random } = this.#options
    const rateLimit = new RateLimit({ longestMs: LONGEST_RETRY_MS })
    const queue = new WorkQueue({ clock, rateLimit, onGet: (_, waitedMs) => counts.taken(waitedMs / 1000) })
    this.#queue = queue
    using stack = new DisposableStack()
    stack.use(
      changes.on((key, afterMs) => {
        counts.added()
        queue.addAfter(key, afterMs)
      }),
    )
    // If operators keep ending early, whatever the cause, no job is to be the last in line each time.
    for (const key of shuffled(changes.keys(), random)) queue.add(key)
    const stop = () => void queue.shutDown()
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    await Promise.all(Array.from({ length: workers }, () => this.#work(queue, signal)))
    signal.removeEventListener('abort', stop)
  }

  async #work(queue: WorkQueue, signal: AbortSignal): Promise<void> {
    for (;;) {
      const key = await queue.get()
      if (key === undefined) return
      // What still stands in line when the time is up is for the next leader.
      if (!signal.aborted) await this.#reconcile(key, queue, signal)
      queue.done(key)
    }
  }

  async #reconcile(key: Key, queue: WorkQueue, signal: AbortSignal): Promise<void> {
    const { reconcile, counts, clock } = this.#options
    const began = clock.monotonicMs()
    const end = (result: ReconcileResult) => counts.reconciled(result, (clock.monotonicMs() - began) / 1000)
    try {
      const { failed, againInMs } = await reconcile(key)
      if (againInMs !== undefined) queue.addAfter(key, againInMs)
      end(failed ? 'failed' : 'done')
      if (!failed) return queue.forget(key)
    } catch (error) {
      // Without the lead nothing may be written, and nothing is wrong with the job.
      if (signal.aborted) return
      end('threw')
      this.#complain(error, key, queue.retries(key))
    }
    counts.retried()
    queue.addRateLimited(key)
  }

  #complain(error: unknown, key: Key, retries: number): void {
    const { log } = this.#options
    if (isFromOutside(error)) log.warn({ key, retries, error: error.message }, 'a reconcile is tried again')
    else log.error({ key, retries, err: error }, 'a reconcile failed, which is a defect; it is tried again')
  }
}

function shuffled<T>(items: Iterable<T>, random: () => number): T[] {
  return Array.from(items, item => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
