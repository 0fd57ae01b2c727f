/** What happens to each sample: self-test, the filter's last word, the tally, the log. */
import type { WallClock } from './clock.ts'
import { BIT, type EventLayout } from './layout.ts'
import type { Received } from './ledger.ts'
import type { LineLimit } from './limit.ts'
import type { Lines } from './lines.ts'
import type { Newest } from './newest.ts'
import type { Views } from './ring.ts'
import type { Tally } from './tally.ts'

/** Writes one event at `at` and returns where it ends; JSON lines or a table. */
export interface EventWriter {
  write(out: Uint8Array, at: number, v: Views, p: number, clock: WallClock): number
}

export interface PipelineParts {
  layout: EventLayout
  clock: WallClock
  tally: Tally
  newest: Newest
  limit: LineLimit
  lines: Lines
  /** null: no event is logged, each is withheld. */
  writer: EventWriter | null
  /** Whether an event that the kernel could not decide about passes the path filter. */
  isWanted: (v: Views, p: number) => boolean
  /** Told of the agent's own sentinel opens. */
  selfTest: (v: Views, p: number) => void
}

export class Pipeline {
  readonly received: Received = { logged: 0, withheld: 0, filtered: 0 }
  /** Milliseconds of any clock, set once for a batch: the rate limit's time. */
  nowMilliseconds = 0
  readonly #parts: PipelineParts

  constructor(parts: PipelineParts) {
    this.#parts = parts
  }

  readonly onSample = (v: Views, p: number): void => {
    const { layout, clock, lines, writer } = this.#parts
    const bits = v.u8[p + layout.bits]!
    if (bits & (BIT.selfTest | BIT.undecided)) {
      if (bits & BIT.selfTest) {
        this.#parts.selfTest(v, p)
        return
      }
      if (!this.#parts.isWanted(v, p)) {
        this.received.filtered++
        return
      }
    }
    this.#parts.tally.add(v, p)
    this.#parts.newest.note(v, p)
    if (writer === null || !this.#parts.limit.take(this.nowMilliseconds)) {
      this.received.withheld++
      return
    }
    this.received.logged++
    clock.set(v.u32[p >> 2]!, v.u32[(p >> 2) + 1]!)
    lines.reserve()
    lines.at = writer.write(lines.bytes, lines.at, v, p, clock)
  }
}
