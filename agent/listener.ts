/** Everything between the rings and the log of one trace, put together; it knows nothing of the kernel. */
import { randomBytes } from 'node:crypto'
import type { Attribution } from './attribution.ts'
import { WallClock } from './clock.ts'
import { PathDecision } from './decide.ts'
import { EventJson } from './event-json.ts'
import { EventTable, POD_TABLE_HEADER, TABLE_HEADER } from './event-table.ts'
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
  readonly header: string

  /** @param selfTest told of the agent's own sentinel opens. */
  constructor(
    {
      job,
      format,
      nodeName,
      write,
      hasRoom,
    }: Pick<TraceRequest, 'job' | 'format' | 'nodeName' | 'write' | 'hasRoom'>,
    layout: EventLayout,
    selfTest: (v: Views, p: number) => void,
    attribution: Attribution | null = null,
  ) {
    const { filter, output } = job.spec
    const decision = new PathDecision(layout, filter)
    const isSilent = format === 'None' || output.events === 'None'
    const limit = new LineLimit(output.maxEventsPerSecond)
    this.lines = new Lines(write)
    this.tally = new Tally(layout, randomBytes(4).readUInt32LE(), attribution !== null)
    this.newest = new Newest(layout)
    this.json = new EventJson(layout, nodeName, process.arch as Architecture)
    this.pipeline = new Pipeline({
      layout,
      clock: this.clock,
      tally: this.tally,
      newest: this.newest,
      limit: hasRoom ? { take: now => hasRoom() && limit.take(now) } : limit,
      lines: this.lines,
      writer: isSilent ? null : format === 'JSON' ? this.json : new EventTable(layout),
      isWanted: (v, p) => decision.isWanted(v, p, this.pipeline.nowMilliseconds),
      selfTest,
      attribution,
    })
    this.header = attribution ? POD_TABLE_HEADER : TABLE_HEADER
    this.beginBatch()
  }

  /** After each batch of samples: its lines go out, and the next one has a time. */
  readonly beginBatch = (): void => {
    this.lines.flush()
    this.newest.beginBatch()
    this.pipeline.nowMilliseconds = performance.now()
  }
}
