/** Says on our TraceReport what there is to say, as seldom as that can be. */
import type { Logger } from 'pino'
import type { TraceReportStatus } from '../../crds/report-status.ts'
import type { State } from '../../crds/state.ts'
import type { Client } from '../../kube/client.ts'
import type { Clock } from '../../kube/clock.ts'
import { ApiError } from '../../kube/errors.ts'
import { applyStatus } from './apply-status.ts'
import type { OwnReport, ReportObject } from './own-report.ts'
import { difference } from './report-difference.ts'
import type { Saying } from './saying.ts'
import { WritePace } from './write-pace.ts'

interface Surroundings {
  client: Pick<Client, 'apply'>
  clock: Clock
  log: Logger
  /** Our report as it is now. */
  report: () => OwnReport | undefined
  saying: () => Saying | undefined
  /** The report of that uid says all that was known at that moment of this node's clock. */
  confirmed: (uid: string, wallMs: number) => void
  /** In 0 … 1. */
  random?: () => number
}

/** When the process is about to end, an answer that does not come in this time is not worth waiting for. */
const LEAVING_PATIENCE_MS = 4000
const LOGGED_FAILURES = 10
/** An API server that is starting may say it by mistake, but not as often as that. */
const REFUSALS_BELIEVED = 5
const REFUSALS = [401, 403]
const ABANDONED = Symbol('there is something better to say')

export class ReportWriter implements Disposable {
  readonly #around: Surroundings
  readonly #pace: WritePace
  #timer: Disposable | undefined
  #writing: { isLast: boolean; abort: AbortController } | undefined
  /** Our last write, and what the API server answered: the newest there is, as long as the watch has told nothing newer than `over`. */
  #answer: { over: ReportObject | undefined; written: TraceReportStatus; status: unknown } | undefined
  /** Of what was said last, successfully: on which report, and where the node stood. */
  #said: { uid: string; state: State; isLast: boolean } | undefined
  #left: ((isSaid: boolean) => void) | undefined
  #isDisposed = false

  constructor(around: Surroundings) {
    this.#around = around
    this.#pace = new WritePace(around.random ?? Math.random)
  }

  /** To be called whenever the report or what there is to say may have changed. */
  look(): void {
    if (this.#writing || this.#isDisposed) return
    this.#timer?.[Symbol.dispose]()
    const { clock } = this.#around
    const report = this.#around.report()
    const saying = this.#around.saying()
    if (!report || !saying) {
      this.#left?.(true)
      return
    }
    const isUrgent = this.#left !== undefined || this.#isTurningPoint(report, saying)
    const nowMs = clock.monotonicMs()
    const dueMs = this.#pace.dueMs(isUrgent)
    if (dueMs > nowMs) this.#lookAfter(dueMs - nowMs)
    else this.#say(report, saying, isUrgent || this.#pace.isTimeForFiltered(nowMs))
  }

  /**
   * Says the last thing with more haste, and gives up after so many seconds, or when it has no right to any more.
   * Resolves to whether the API server has it, or nobody is there to be told.
   */
  async leave(seconds: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    using _ = this.#around.clock.after(seconds * 1000, () => resolve(false))
    this.#left = resolve
    this.#pace.hurry()
    // A request that hangs must not take the time of the last one.
    if (this.#writing && !this.#writing.isLast) this.#writing.abort.abort(ABANDONED)
    this.look()
    return await promise
  }

  /** Something that people wait for has not been said yet. */
  #isTurningPoint({ uid }: OwnReport, { state, isLast }: Saying): boolean {
    const said = this.#said
    return said?.uid !== uid || said.state !== state || said.isLast !== isLast
  }

  #say(report: OwnReport, saying: Saying, alsoFiltered: boolean): void {
    const atMs = this.#around.clock.wallMs()
    const status = saying.status()
    const found = difference(status, this.#known(report))
    if (found === 'news' || (found === 'filtered' && alsoFiltered)) {
      void this.#write(report, saying, status, atMs)
    } else this.#upToDate(report, saying, atMs)
  }

  /** What stands there. Where it is what became of our own write, that is as good as said, though an older schema holds less of it. */
  #known({ object, status }: OwnReport): unknown {
    if (!this.#answer) return status
    const { over, written, status: answered } = this.#answer
    const isOurs = over === object || difference(answered as TraceReportStatus, status) === 'none'
    return isOurs ? written : status
  }

  async #write(report: OwnReport, saying: Saying, status: TraceReportStatus, atMs: number): Promise<void> {
    const { client, clock, log } = this.#around
    const abort = new AbortController()
    this.#writing = { isLast: saying.isLast, abort }
    using _ = this.#left && clock.after(LEAVING_PATIENCE_MS, () => abort.abort())
    try {
      const answer = await applyStatus(client, report, status, abort.signal)
      this.#answer = { over: this.#around.report()?.object, written: status, status: answer.status }
      const { failures } = this.#pace
      if (failures > 0) log.info({ failures }, 'the report can be written again')
      this.#pace.wrote(clock.monotonicMs(), report.reportIntervalSeconds * 1000)
      this.#upToDate(report, saying, atMs)
    } catch (error) {
      if (abort.signal.reason !== ABANDONED) this.#failed(error)
    }
    this.#writing = undefined
    this.look()
  }

  #upToDate({ uid, reportIntervalSeconds }: OwnReport, { state, isLast }: Saying, atMs: number): void {
    this.#said = { uid, state, isLast }
    const waitMs = this.#pace.upToDate(this.#around.clock.monotonicMs(), reportIntervalSeconds * 1000)
    this.#around.confirmed(uid, atMs)
    if (isLast) this.#left?.(true)
    // The last word only changes if somebody else writes, and then we are told.
    else this.#lookAfter(waitMs)
  }

  /** A report that is gone is no different: the watch will tell, and until then nothing is certain. */
  #failed(error: unknown): void {
    const { clock, log } = this.#around
    const askedMs = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0
    const waitMs = this.#pace.failed(clock.monotonicMs(), askedMs, this.#left !== undefined)
    const { failures } = this.#pace
    if (failures % LOGGED_FAILURES === 1) {
      log.warn({ err: error, failures, waitMs }, 'the report could not be written')
    }
    // A release that is uninstalled takes the rights of its agents away before them.
    const isRefused = error instanceof ApiError && REFUSALS.includes(error.status)
    if (isRefused && failures >= REFUSALS_BELIEVED) this.#left?.(false)
  }

  #lookAfter(milliseconds: number): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = this.#around.clock.after(milliseconds, () => this.look())
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true
    this.#timer?.[Symbol.dispose]()
    this.#writing?.abort.abort(ABANDONED)
  }
}
