/** What lives between attach and detach: the ticks, the self-tests, the end. */
import { isLossless, type Ledger } from '../crds/ledger.ts'
import type { TraceReportStatus } from '../crds/report-status.ts'
import type { Attached } from './attach.ts'
import type { Attribution } from './attribution.ts'
import type { CompiledObject } from './compile.ts'
import { coverageOf } from './coverage.ts'
import type { KernelFacts } from './kernel.ts'
import type { ObjectLayout } from './layout.ts'
import { ledgerOf, type Misses, NO_MISSES } from './ledger.ts'
import { Listener } from './listener.ts'
import { type Live, liveVariables } from './live.ts'
import { isEntry, missedEntries, missesOf } from './misses.ts'
import { clockNanoseconds } from './native/libc.ts'
import { newestEvents } from './newest-events.ts'
import { type Notice, noticeLine } from './notices.ts'
import { hookName } from './probe-names.ts'
import type { PerfReader } from './reader.ts'
import { fitted } from './report.ts'
import { RunCost } from './run-cost.ts'
import { SelfTest, type SelfTestResult } from './self-test.ts'
import type { StopReason, TraceRequest } from './trace.ts'

const TICK_MS = 1000
/** Opens that were in the kernel when their entry probe went may take this long to come out. */
const RETURN_MS = 20
/** Programs that were running when their link went may take this long to finish. */
const SETTLE_MS = 1000
const SETTLE_STEP_MS = 2
/** How long the end waits for word of the newest containers: kubelets tell it after a second or two. */
const LAST_WORD_MS = 3000

export interface SessionParts {
  request: TraceRequest
  compiled: CompiledObject
  layout: ObjectLayout
  kernel: KernelFacts
  reader: PerfReader
  attached: Attached
  attribution: Attribution | undefined
}

type Sleep = (milliseconds: number) => Promise<unknown>

export class Session implements Disposable {
  readonly probes: readonly string[]
  onError: (error: unknown) => void = error => {
    throw error
  }
  readonly #parts: SessionParts
  readonly #listener: Listener
  readonly #live: Live
  readonly #selfTest: SelfTest
  readonly #cost: RunCost
  readonly #stack = new DisposableStack()
  readonly #startTime = wallTime()
  readonly #startCpu = process.cpuUsage()
  readonly #startMs = performance.now()
  #misses: Misses = NO_MISSES
  #lostSoFar = 0
  #startTest: SelfTestResult | undefined

  constructor(parts: SessionParts) {
    this.#parts = parts
    const { request, layout, attached, attribution } = parts
    this.probes = attached.probes.map(probe => hookName(attached.plan, probe))
    this.#selfTest = new SelfTest(layout.event)
    this.#listener = new Listener(request, layout.event, this.#selfTest.see, attribution)
    if (attribution) this.#stack.use(attribution)
    attribution?.connect({
      settle: this.#listener.pipeline.settle,
      settled: this.#listener.beginBatch,
      onError: error => this.onError(error),
    })
    this.#live = this.#stack.use(liveVariables(attached.object, layout))
    this.#cost = this.#stack.use(new RunCost(attached))
  }

  begin(): void {
    const { durationSeconds } = this.#parts.request.job.spec
    this.#notice({
      kind: 'tracing',
      attachMode: this.#parts.attached.plan.mode,
      probes: this.probes,
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
    })
    const { pipeline, beginBatch } = this.#listener
    this.#adjustClock()
    this.#parts.reader.start(pipeline.onSample, beginBatch, error => this.onError(error))
    this.#startTest = this.#test('start')
    const ticks = setInterval(() => this.#tick(), TICK_MS)
    this.#stack.defer(() => clearInterval(ticks))
  }

  #tick(): void {
    try {
      this.#adjustClock()
      this.#cost.sample()
      this.#misses = missesOf(this.#parts.attached, missedEntries(this.#parts.attached), false)
      const ledger = this.ledger()
      if (ledger.lost <= this.#lostSoFar) return
      this.#notice({ kind: 'loss', lost: ledger.lost - this.#lostSoFar, ledger })
      this.#lostSoFar = ledger.lost
    } catch (error) {
      this.onError(error)
    }
  }

  /** Follows a wall clock that is set or slewed. */
  #adjustClock(): void {
    const before = clockNanoseconds('monotonic')
    const wall = clockNanoseconds('realtime')
    this.#listener.clock.compare(before, wall, clockNanoseconds('monotonic'))
  }

  #notice(notice: Notice): void {
    const { format, nodeName } = this.#parts.request
    if (format === 'None') return
    const { lines, header } = this.#listener
    lines.text(noticeLine(format, notice, wallTime(), nodeName, header))
  }

  #test(at: 'start' | 'end'): SelfTestResult {
    const result = this.#selfTest.run(this.#live.selfTestFlag, () => this.#parts.reader.drain())
    this.#notice({ kind: 'selfTest', at, ...result })
    if (result.seen < result.opened) {
      this.#parts.request.log.warn({ at, ...result }, 'self-test: not all of our own opens came back')
    }
    return result
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.#startMs) / 1000
  }

  /** Only memory is read; what the kernel skipped is as of the last tick. */
  ledger(): Ledger {
    return ledgerOf(this.#live.counters.read(), this.#misses, this.#listener.pipeline.received, false)
  }

  /** What there is to say while it runs. The counters move as they are read: what closes is summed here. */
  report(): TraceReportStatus {
    const ledger = this.ledger()
    const observed = ledger.filtered + ledger.lost + ledger.received
    return this.#status('Tracing', { ...ledger, observed })
  }

  /** Detaches, drains, and only then reads the counters: nothing moves any more. */
  async end(why: StopReason, sleep: Sleep): Promise<TraceReportStatus> {
    const { pipeline, lines } = this.#listener
    const { counters } = this.#live
    const endTest = this.#test('end')
    this.#cost.sample()
    const { object, probes } = this.#parts.attached
    const entriesMissed = missedEntries(this.#parts.attached)
    // What has entered may still return; nothing enters any more.
    for (const { program } of probes.filter(isEntry)) object.detach(program)
    await this.#drainUntil(() => this.#haveReturned(), RETURN_MS, sleep)
    object.detach()
    const endTime = wallTime()
    await this.#drainUntil(() => this.#isSettled(), SETTLE_MS, sleep)
    await this.#drainUntil(() => this.#waiting === 0, LAST_WORD_MS, sleep)
    this.#parts.attribution?.end()
    const misses = missesOf(this.#parts.attached, entriesMissed, true)
    const ledger = ledgerOf(counters.read(), misses, pipeline.received, true)
    this.#checkLostRecords(ledger.lostBy.ringFull)
    this.#notice({ kind: 'end', why, ledger, lossless: isLossless(ledger) })
    lines.flush()

    return this.#status('Completed', ledger, { endTime, endTest })
  }

  #status(
    state: 'Tracing' | 'Completed',
    ledger: Ledger,
    end?: { endTime: string; endTest: SelfTestResult },
  ): TraceReportStatus {
    const { attached, compiled, kernel } = this.#parts
    const { release, machine, preemption } = kernel
    const cpu = process.cpuUsage(this.#startCpu)
    return fitted({
      state,
      attachMode: attached.plan.mode,
      probes: [...this.probes],
      kernel: { release, machine, preemption },
      programHash: compiled.hash,
      coverage: coverageOf(attached.probes, machine),
      startTime: this.#startTime,
      ...(end && { endTime: end.endTime }),
      ledger,
      top: this.#listener.tally.top(),
      newest: newestEvents(this.#listener),
      selfTest: { start: this.#startTest, ...(end && { end: end.endTest }) },
      cost: {
        agentCpuSeconds: (cpu.user + cpu.system) / 1e6,
        agentMemoryBytes: process.resourceUsage().maxRSS * 1024,
        ...this.#cost.estimate(this.#live.counters.read()),
      },
    })
  }

  /** Reads until that holds, or it has had its time: a program may have been preempted in its middle. */
  async #drainUntil(isDone: () => boolean, milliseconds: number, sleep: Sleep): Promise<void> {
    const until = performance.now() + milliseconds
    for (;;) {
      this.#parts.reader.drain()
      if (isDone() || performance.now() > until) return
      await sleep(SETTLE_STEP_MS)
    }
  }

  #haveReturned(): boolean {
    const { entered, returned, core_entered, core_returned } = this.#live.counters.read()
    return entered === returned && core_entered === core_returned
  }

  /** Every open that a program began with is filtered, lost or here. */
  #isSettled(): boolean {
    const { observed, filtered, ring_full, submitted } = this.#live.counters.read()
    const arrived = Object.values(this.#listener.pipeline.received).reduce((sum, count) => sum + count, 0)
    return observed === filtered + ring_full + submitted && submitted === arrived + this.#waiting
  }

  /** Events of which nobody has told whose they are. */
  get #waiting(): number {
    return this.#parts.attribution?.waiting ?? 0
  }

  /** The ring's own lost records can only tell of less than the programs counted: the last ones never come. */
  #checkLostRecords(ringFull: number): void {
    const byRecords = this.#parts.reader.lostBySamples
    if (byRecords > ringFull)
      this.#parts.request.log.error({ byRecords, ringFull }, 'the ring lost more than was counted')
  }

  [Symbol.dispose](): void {
    this.#stack.dispose()
  }
}

function wallTime(): string {
  return new Date().toISOString()
}
