/** Everything between the rings and the log of one trace, put together; it knows nothing of the kernel. */
import { randomBytes } from 'node:crypto'
import { WallClock } from './clock.ts'
import { PathDecision } from './decide.ts'
import { EventJson } from './event-json.ts'
import { EventTable } from './event-table.ts'
import type { Architecture } from './flags.ts'
import type { EventLayout } from './layout.ts'
import { LineLimit } from './limit.ts'
import { Lines } from './lines.ts'
import { Newest } from './newest.ts'
import { Pipeline } from './pipeline.ts'
import type { Views } from './ring.ts'
import { Tally } from './tally.ts'
import type { TraceRequest } from './trace.ts'

export class Listener {
  readonly clock = new WallClock()
  readonly lines: Lines
  readonly tally: Tally
  readonly newest: Newest
  readonly json: EventJson
  readonly pipeline: Pipeline

  /** @param selfTest told of the agent's own sentinel opens. */
  constructor(
    { job, format, nodeName, write }: Pick<TraceRequest, 'job' | 'format' | 'nodeName' | 'write'>,
    layout: EventLayout,
    selfTest: (v: Views, p: number) => void,
  ) {
    const { filter, output } = job.spec
    const decision = new PathDecision(layout, filter)
    const isSilent = format === 'None' || output.events === 'None'
    this.lines = new Lines(write)
    this.tally = new Tally(layout, randomBytes(4).readUInt32LE())
    this.newest = new Newest(layout)
    this.json = new EventJson(layout, nodeName, process.arch as Architecture)
    this.pipeline = new Pipeline({
      layout,
      clock: this.clock,
      tally: this.tally,
      newest: this.newest,
      limit: new LineLimit(output.maxEventsPerSecond),
      lines: this.lines,
      writer: isSilent ? null : format === 'JSON' ? this.json : new EventTable(layout),
      isWanted: (v, p) => decision.isWanted(v, p, this.pipeline.nowMilliseconds),
      selfTest,
    })
    this.beginBatch()
  }

  /** After each batch of samples: its lines go out, and the next one has a time. */
  readonly beginBatch = (): void => {
    this.lines.flush()
    this.newest.beginBatch()
    this.pipeline.nowMilliseconds = performance.now()
  }
}
