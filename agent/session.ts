/** What lives between attach and detach: the pipeline, its counters, the clock's ticks, the end. */
import { randomBytes } from 'node:crypto'
import { isLossless, type Ledger } from '../crds/ledger.ts'
import type { TraceReportStatus } from '../crds/report-status.ts'
import type { Attached } from './attach.ts'
import { WallClock } from './clock.ts'
import type { CompiledObject } from './compile.ts'
import { CounterReader } from './counters.ts'
import { coverageOf } from './coverage.ts'
import { PathDecision } from './decide.ts'
import { readElf } from './elf.ts'
import { EventJson } from './event-json.ts'
import { EventTable } from './event-table.ts'
import type { Architecture } from './flags.ts'
import type { KernelFacts } from './kernel.ts'
import { counterLayout, eventLayout } from './layout.ts'
import { ledgerOf, NO_MISSES } from './ledger.ts'
import { LineLimit } from './limit.ts'
import { Lines } from './lines.ts'
import { missedEntries, missesOf } from './misses.ts'
import { clockNanoseconds } from './native/libc.ts'
import { Newest } from './newest.ts'
import { type Notice, noticeLine } from './notices.ts'
import { Pipeline } from './pipeline.ts'
import { hookName } from './probe-names.ts'
import type { PerfReader } from './reader.ts'
import { fitted } from './report.ts'
import { RunCost } from './run-cost.ts'
import { SelfTest, type SelfTestResult } from './self-test.ts'
import { Tally } from './tally.ts'
import type { Progress, TraceRequest } from './trace.ts'

const TICK_MS = 1000
const CPUS_MAX = 512
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
  readonly #clock = new WallClock()
  readonly #lines: Lines
  readonly #pipeline: Pipeline
  readonly #tally: Tally
  readonly #newest: Newest
  readonly #json: EventJson
  readonly #counters: CounterReader
  readonly #selfTest: SelfTest
  readonly #cost: RunCost
  readonly #stack = new DisposableStack()
  readonly #startTime = wallTime()
  readonly #startCpu = process.cpuUsage()
  #startMs = performance.now()
  #lastLost = 0
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
    const btf = readElf(compiled.bytes).sections.find(section => section.name === '.BTF')!.bytes
    const layout = eventLayout(btf)
    const { spec } = request.job
    const globals = this.#stack.use(attached.object.globals())
    this.#counters = new CounterReader(
      globals.memory,
      globals.offset('counters'),
      counterLayout(btf),
      CPUS_MAX,
    )
    this.#selfTest = new SelfTest(layout, new Int32Array(globals.memory, globals.offset('self_test'), 1))
    this.#lines = new Lines(request.write)
    this.#tally = new Tally(layout, randomBytes(4).readUInt32LE())
    this.#newest = new Newest(layout)
    this.#json = new EventJson(layout, request.nodeName, process.arch as Architecture)
    const decision = new PathDecision(layout, spec.filter)
    const isSilent = request.format === 'None' || spec.output.events === 'None'
    this.#pipeline = new Pipeline({
      layout,
      clock: this.#clock,
      tally: this.#tally,
      newest: this.#newest,
      limit: new LineLimit(spec.output.maxEventsPerSecond),
      lines: this.#lines,
      writer: isSilent ? null : request.format === 'JSON' ? this.#json : new EventTable(layout),
      isWanted: (v, p) => decision.isWanted(v, p, this.#pipeline.nowMilliseconds),
      selfTest: this.#selfTest.see,
    })
    this.#cost = this.#stack.use(new RunCost(attached))
  }

  begin(): void {
    this.#adjustClock()
    this.#pipeline.nowMilliseconds = performance.now()
    this.#startMs = performance.now()
    this.#notice({
      kind: 'tracing',
      attachMode: this.#attached.plan.mode,
      probes: this.probes,
      ...(this.#request.job.spec.durationSeconds
        ? { durationSeconds: this.#request.job.spec.durationSeconds }
        : {}),
    })
    this.#reader.start(this.#pipeline.onSample, this.#afterBatch, error => this.onError(error))
    this.#startTest = this.#test('start')
    const ticks = setInterval(() => this.#tick(), TICK_MS)
    this.#stack.defer(() => clearInterval(ticks))
  }

  readonly #afterBatch = (): void => {
    this.#lines.flush()
    this.#newest.beginBatch()
    this.#pipeline.nowMilliseconds = performance.now()
  }

  #tick(): void {
    try {
      this.#adjustClock()
      this.#cost.sample()
      const { ledger } = this.progress()
      if (ledger.lost > this.#lastLost) {
        this.#notice({ kind: 'loss', lost: ledger.lost - this.#lastLost, ledger })
        this.#lastLost = ledger.lost
      }
    } catch (error) {
      this.onError(error)
    }
  }

  #adjustClock(): void {
    this.#clock.adjust(clockNanoseconds('realtime') - clockNanoseconds('monotonic'))
  }

  #notice(notice: Notice): void {
    const { format, nodeName } = this.#request
    if (format !== 'None') this.#lines.text(noticeLine(format, notice, wallTime(), nodeName))
  }

  #test(at: 'start' | 'end'): SelfTestResult {
    const result = this.#selfTest.run(() => this.#reader.drain())
    this.#notice({ kind: 'selfTest', at, ...result })
    if (result.seen < result.opened)
      this.#request.log.warn({ at, ...result }, 'self-test: own opens did not come back')
    return result
  }

  progress(): Progress {
    const elapsedSeconds = (performance.now() - this.#startMs) / 1000
    const { durationSeconds } = this.#request.job.spec
    return {
      // Asking the kernel for skipped runs is for the tick and the end; here only memory is read.
      ledger: ledgerOf(this.#counters.read(), NO_MISSES, this.#pipeline.received, false),
      elapsedSeconds,
      remainingSeconds: durationSeconds === undefined ? null : Math.max(0, durationSeconds - elapsedSeconds),
    }
  }

  /** Detaches, drains, and only then reads the counters: nothing moves any more. */
  async end(why: 'Signal' | 'Deadline', sleep: Sleep): Promise<TraceReportStatus> {
    const endTest = this.#test('end')
    this.#cost.sample()
    const { object, probes } = this.#attached
    const entriesMissed = missedEntries(this.#attached)
    for (const { program } of probes.filter(probe => probe.role === 'entry')) object.detach(program)
    await this.#settle(
      sleep,
      () => this.#counters.read().entered === this.#counters.read().returned,
      SETTLE_STEP_MS * 10,
    )
    object.detach()
    const endTime = wallTime()
    await this.#settle(sleep, () => this.#isSettled(), SETTLE_MS)
    const ledger = ledgerOf(
      this.#counters.read(),
      missesOf(this.#attached, entriesMissed),
      this.#pipeline.received,
      true,
    )
    this.#notice({ kind: 'end', why, ledger, lossless: isLossless(ledger) })
    this.#lines.flush()
    return fitted(this.#report(ledger, endTime, endTest))
  }

  /** Drains until that holds, or a program that was preempted for good has had its time. */
  async #settle(sleep: Sleep, isDone: () => boolean, milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds
    for (;;) {
      this.#reader.drain()
      if (isDone() || performance.now() > until) return
      await sleep(SETTLE_STEP_MS)
    }
  }

  /** Every open that a program began with is filtered, lost or here. */
  #isSettled(): boolean {
    const { observed, filtered, ring_full, submitted } = this.#counters.read()
    const { logged, withheld, filtered: byUs } = this.#pipeline.received
    return observed === filtered + ring_full + submitted && submitted === logged + withheld + byUs
  }

  #report(ledger: Ledger, endTime: string, endTest: SelfTestResult): TraceReportStatus {
    const newest: NonNullable<TraceReportStatus['newest']> = []
    const line = new Uint8Array(1 << 16)
    this.#newest.forEach((v, p) => {
      this.#clock.set(v.u32[p >> 2]!, v.u32[(p >> 2) + 1]!)
      const end = this.#json.write(line, 0, v, p, this.#clock)
      newest.push(JSON.parse(Buffer.from(line.buffer, 0, end).toString('utf8')))
    })
    const cpu = process.cpuUsage(this.#startCpu)
    const { release, machine, preemption } = this.#kernel
    return {
      state: 'Completed',
      attachMode: this.#attached.plan.mode,
      probes: [...this.probes],
      kernel: { release, machine, preemption },
      programHash: this.#compiled.hash,
      coverage: coverageOf(this.#attached.probes, machine),
      startTime: this.#startTime,
      endTime,
      ledger,
      top: this.#tally.top(),
      newest,
      selfTest: { start: this.#startTest, end: endTest },
      cost: {
        agentCpuSeconds: (cpu.user + cpu.system) / 1e6,
        agentMemoryBytes: process.resourceUsage().maxRSS * 1024,
        ...this.#cost.estimate(this.#counters.read()),
      },
    }
  }

  [Symbol.dispose](): void {
    this.#stack.dispose()
  }
}

function wallTime(): string {
  return new Date().toISOString()
}
