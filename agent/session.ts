/** What lives between attach and detach: the ticks, the self-tests, the end. */
import { isLossless } from '../crds/ledger.ts'
import type { TraceReportStatus } from '../crds/report-status.ts'
import type { Attached } from './attach.ts'
import type { CompiledObject } from './compile.ts'
import { coverageOf } from './coverage.ts'
import { Instruments } from './instruments.ts'
import type { KernelFacts } from './kernel.ts'
import { ledgerOf, type Misses, NO_MISSES } from './ledger.ts'
import { missedEntries, missesOf } from './misses.ts'
import { newestEvents } from './newest-events.ts'
import { type Notice, noticeLine } from './notices.ts'
import { hookName } from './probe-names.ts'
import type { PerfReader } from './reader.ts'
import { fitted } from './report.ts'
import { RunCost } from './run-cost.ts'
import type { SelfTestResult } from './self-test.ts'
import type { Progress, TraceRequest } from './trace.ts'

const TICK_MS = 1000
/** Opens that were in the kernel when their entry probe went may take this long to come out. */
const RETURN_MS = 20
/** Programs that were running when their link went may take this long to finish. */
const SETTLE_MS = 1000
const SETTLE_STEP_MS = 2

type Sleep = (milliseconds: number) => Promise<unknown>

export class Session implements Disposable {
  readonly probes: readonly string[]
  onError: (error: unknown) => void = error => {
    throw error
  }
  readonly #request: TraceRequest
  readonly #compiled: CompiledObject
  readonly #kernel: KernelFacts
  readonly #reader: PerfReader
  readonly #attached: Attached
  readonly #instruments: Instruments
  readonly #cost: RunCost
  readonly #stack = new DisposableStack()
  readonly #startTime = wallTime()
  readonly #startCpu = process.cpuUsage()
  readonly #startMs = performance.now()
  #misses: Misses = NO_MISSES
  #lostSoFar = 0
  #startTest: SelfTestResult | undefined

  constructor(
    request: TraceRequest,
    compiled: CompiledObject,
    kernel: KernelFacts,
    reader: PerfReader,
    attached: Attached,
  ) {
    this.#request = request
    this.#compiled = compiled
    this.#kernel = kernel
    this.#reader = reader
    this.#attached = attached
    this.probes = attached.probes.map(probe => hookName(attached.plan, probe))
    this.#instruments = this.#stack.use(new Instruments(request, compiled, attached))
    this.#cost = this.#stack.use(new RunCost(attached))
  }

  begin(): void {
    const { durationSeconds } = this.#request.job.spec
    this.#notice({
      kind: 'tracing',
      attachMode: this.#attached.plan.mode,
      probes: this.probes,
      ...(durationSeconds === undefined ? {} : { durationSeconds }),
    })
    const { pipeline, beginBatch } = this.#instruments
    this.#reader.start(pipeline.onSample, beginBatch, error => this.onError(error))
    this.#startTest = this.#test('start')
    const ticks = setInterval(() => this.#tick(), TICK_MS)
    this.#stack.defer(() => clearInterval(ticks))
  }

  #tick(): void {
    try {
      this.#instruments.adjustClock()
      this.#cost.sample()
      this.#misses = missesOf(this.#attached, missedEntries(this.#attached))
      const { ledger } = this.progress()
      if (ledger.lost <= this.#lostSoFar) return
      this.#notice({ kind: 'loss', lost: ledger.lost - this.#lostSoFar, ledger })
      this.#lostSoFar = ledger.lost
    } catch (error) {
      this.onError(error)
    }
  }

  #notice(notice: Notice): void {
    const { format, nodeName } = this.#request
    if (format !== 'None') this.#instruments.lines.text(noticeLine(format, notice, wallTime(), nodeName))
  }

  #test(at: 'start' | 'end'): SelfTestResult {
    const result = this.#instruments.selfTest.run(() => this.#reader.drain())
    this.#notice({ kind: 'selfTest', at, ...result })
    if (result.seen < result.opened) {
      this.#request.log.warn({ at, ...result }, 'self-test: not all of our own opens came back')
    }
    return result
  }

  /** Only memory is read; what the kernel skipped is as of the last tick. */
  progress(): Progress {
    const { counters, pipeline } = this.#instruments
    const elapsedSeconds = (performance.now() - this.#startMs) / 1000
    const { durationSeconds } = this.#request.job.spec
    return {
      ledger: ledgerOf(counters.read(), this.#misses, pipeline.received, false),
      elapsedSeconds,
      remainingSeconds: durationSeconds === undefined ? null : Math.max(0, durationSeconds - elapsedSeconds),
    }
  }

  /** Detaches, drains, and only then reads the counters: nothing moves any more. */
  async end(why: 'Signal' | 'Deadline', sleep: Sleep): Promise<TraceReportStatus> {
    const { counters, pipeline, lines } = this.#instruments
    const endTest = this.#test('end')
    this.#cost.sample()
    const { object, probes } = this.#attached
    const entriesMissed = missedEntries(this.#attached)
    for (const { program } of probes.filter(probe => probe.role === 'entry')) object.detach(program)
    await this.#drainUntil(() => counters.read().entered === counters.read().returned, RETURN_MS, sleep)
    object.detach()
    const endTime = wallTime()
    await this.#drainUntil(() => this.#isSettled(), SETTLE_MS, sleep)
    const misses = missesOf(this.#attached, entriesMissed)
    const ledger = ledgerOf(counters.read(), misses, pipeline.received, true)
    this.#checkLostRecords(ledger.lostBy.ringFull)
    this.#notice({ kind: 'end', why, ledger, lossless: isLossless(ledger) })
    lines.flush()

    const cpu = process.cpuUsage(this.#startCpu)
    const { release, machine, preemption } = this.#kernel
    return fitted({
      state: 'Completed',
      attachMode: this.#attached.plan.mode,
      probes: [...this.probes],
      kernel: { release, machine, preemption },
      programHash: this.#compiled.hash,
      coverage: coverageOf(probes, machine),
      startTime: this.#startTime,
      endTime,
      ledger,
      top: this.#instruments.tally.top(),
      newest: newestEvents(this.#instruments),
      selfTest: { start: this.#startTest, end: endTest },
      cost: {
        agentCpuSeconds: (cpu.user + cpu.system) / 1e6,
        agentMemoryBytes: process.resourceUsage().maxRSS * 1024,
        ...this.#cost.estimate(counters.read()),
      },
    })
  }

  /** Reads until that holds, or it has had its time: a program may have been preempted in its middle. */
  async #drainUntil(isDone: () => boolean, milliseconds: number, sleep: Sleep): Promise<void> {
    const until = performance.now() + milliseconds
    for (;;) {
      this.#reader.drain()
      if (isDone() || performance.now() > until) return
      await sleep(SETTLE_STEP_MS)
    }
  }

  /** Every open that a program began with is filtered, lost or here. */
  #isSettled(): boolean {
    const { observed, filtered, ring_full, submitted } = this.#instruments.counters.read()
    const { logged, withheld, filtered: byUs } = this.#instruments.pipeline.received
    return observed === filtered + ring_full + submitted && submitted === logged + withheld + byUs
  }

  /** The ring's own lost records can only tell of less than the programs counted: the last ones never come. */
  #checkLostRecords(ringFull: number): void {
    const byRecords = this.#reader.lostBySamples
    if (byRecords > ringFull)
      this.#request.log.error({ byRecords, ringFull }, 'the ring lost more than was counted')
  }

  [Symbol.dispose](): void {
    this.#stack.dispose()
  }
}

function wallTime(): string {
  return new Date().toISOString()
}
