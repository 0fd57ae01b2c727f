/** Everything between the rings and the log of one trace, put together. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Attached } from './attach.ts'
import { WallClock } from './clock.ts'
import type { CompiledObject } from './compile.ts'
import { CounterReader } from './counters.ts'
import { cpuList } from './cpus.ts'
import { PathDecision } from './decide.ts'
import { BadElf, readElf } from './elf.ts'
import { EventJson } from './event-json.ts'
import { EventTable } from './event-table.ts'
import type { Architecture } from './flags.ts'
import { counterLayout, eventLayout } from './layout.ts'
import { LineLimit } from './limit.ts'
import { Lines } from './lines.ts'
import { clockNanoseconds } from './native/libc.ts'
import { Newest } from './newest.ts'
import { Pipeline } from './pipeline.ts'
import { SelfTest } from './self-test.ts'
import { Tally } from './tally.ts'
import type { TraceRequest } from './trace.ts'

/** CPUS_MAX of openat_event.h */
const CPUS_MAX = 512

export class Instruments implements Disposable {
  readonly clock = new WallClock()
  readonly lines: Lines
  readonly tally: Tally
  readonly newest: Newest
  readonly json: EventJson
  readonly counters: CounterReader
  readonly selfTest: SelfTest
  readonly pipeline: Pipeline
  readonly #globals: ReturnType<Attached['object']['globals']>

  /** Maps the programs' live variables; nothing may use the counters after dispose. */
  constructor(request: TraceRequest, compiled: CompiledObject, attached: Attached) {
    const btf = readElf(compiled.bytes).sections.find(section => section.name === '.BTF')?.bytes
    if (!btf) throw new BadElf('the compiled object has no BTF')
    const layout = eventLayout(btf)
    const globals = attached.object.globals()
    this.#globals = globals
    // Summing the counters of CPUs that can't exist would be most of what an idle agent does.
    const possible = cpuList(readFileSync('/sys/devices/system/cpu/possible', 'utf8'))
    const cpus = Math.min(CPUS_MAX, possible.at(-1)! + 1)
    this.counters = new CounterReader(globals.memory, globals.offset('counters'), counterLayout(btf), cpus)
    this.selfTest = new SelfTest(layout, new Int32Array(globals.memory, globals.offset('self_test'), 1))
    this.lines = new Lines(request.write)
    this.tally = new Tally(layout, randomBytes(4).readUInt32LE())
    this.newest = new Newest(layout)
    this.json = new EventJson(layout, request.nodeName, process.arch as Architecture)
    const { filter, output } = request.job.spec
    const decision = new PathDecision(layout, filter)
    const isSilent = request.format === 'None' || output.events === 'None'
    this.pipeline = new Pipeline({
      layout,
      clock: this.clock,
      tally: this.tally,
      newest: this.newest,
      limit: new LineLimit(output.maxEventsPerSecond),
      lines: this.lines,
      writer: isSilent ? null : request.format === 'JSON' ? this.json : new EventTable(layout),
      isWanted: (v, p) => decision.isWanted(v, p, this.pipeline.nowMilliseconds),
      selfTest: this.selfTest.see,
    })
    this.beginBatch()
    this.adjustClock()
  }

  /** After each batch of samples: its lines go out, and the next one has a time. */
  readonly beginBatch = (): void => {
    this.lines.flush()
    this.newest.beginBatch()
    this.pipeline.nowMilliseconds = performance.now()
  }

  /** Follows a wall clock that is set or slewed. */
  adjustClock(): void {
    this.clock.adjust(clockNanoseconds('realtime') - clockNanoseconds('monotonic'))
  }

  [Symbol.dispose](): void {
    this.#globals[Symbol.dispose]()
  }
}
