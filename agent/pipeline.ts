/** What happens to each sample: self-test, whose it is, the filter's last word, the tally, the log. */
import type { Attribution } from './attribution.ts'
import type { WallClock } from './clock.ts'
import { BIT, type EventLayout } from './layout.ts'
import type { Received } from './ledger.ts'
import type { LineLimit } from './limit.ts'
import type { Lines } from './lines.ts'
import type { Newest } from './newest.ts'
import { type Origin, PENDING, UNTOLD, UNTOLD_ORIGIN, UNWANTED, WANTED } from './origin.ts'
import type { Views } from './ring.ts'
import type { Tally } from './tally.ts'

/** Writes one event at `at` and returns where it ends; JSON lines or a table. */
export interface EventWriter {
  /** @param origin null where nobody asks for it. */
  write(out: Uint8Array, at: number, v: Views, p: number, clock: WallClock, origin: Origin | null): number
}

export interface PipelineParts {
  layout: EventLayout
  clock: WallClock
  tally: Tally
  newest: Newest
  limit: Pick<LineLimit, 'take'>
  lines: Lines
  /** null: no event is logged, each is withheld. */
  writer: EventWriter | null
  /** Whether an event that the kernel could not decide about passes the path filter. */
  isWanted: (v: Views, p: number) => boolean
  /** Told of the agent's own sentinel opens. */
  selfTest: (v: Views, p: number) => void
  /** null: nobody asks whose an open is. */
  attribution: Attribution | null
}

export class Pipeline {
  readonly received: Received = { logged: 0, withheld: 0, filtered: 0, unattributed: 0 }
  /** Milliseconds of any clock, set once for a batch: the rate limit's time. */
  nowMilliseconds = 0
  readonly #parts: PipelineParts

  constructor(parts: PipelineParts) {
    this.#parts = parts
  }

  readonly onSample = (v: Views, p: number): void => {
    const { layout, attribution } = this.#parts
    const bits = v.u8[p + layout.bits]!
    if (bits & BIT.selfTest) {
      this.#parts.selfTest(v, p)
      return
    }
    const origin = attribution === null ? null : attribution.of(v, p)
    // A foreign event is looked at no further; the path of one that waits is decided now, while its process is there.
    const isForeign = origin !== null && origin.verdict === UNWANTED
    if (isForeign || (bits & BIT.undecided && !this.#parts.isWanted(v, p))) {
      this.received.filtered++
      return
    }
    if (origin === null || origin.verdict === WANTED) this.#accept(v, p, origin)
    else if (origin.verdict !== PENDING) this.settle(v, p, origin)
    else if (!attribution!.wait(v, p)) this.settle(v, p, UNTOLD_ORIGIN)
  }

  /** What becomes of an event once it is known whose it is, or that nobody can tell. */
  readonly settle = (v: Views, p: number, origin: Origin): void => {
    if (origin.verdict === UNWANTED) this.received.filtered++
    // Where only some are wanted, one that may be foreign is shown to nobody.
    else if (origin.verdict === UNTOLD && this.#parts.attribution!.selective) this.received.unattributed++
    else this.#accept(v, p, origin)
  }

  #accept(v: Views, p: number, origin: Origin | null): void {
    const { clock, lines, writer } = this.#parts
    this.#parts.tally.add(v, p, origin)
    this.#parts.newest.note(v, p, origin)
    if (writer === null || !this.#parts.limit.take(this.nowMilliseconds)) {
      this.received.withheld++
      return
    }
    this.received.logged++
    clock.set(v.u32[p >> 2]!, v.u32[(p >> 2) + 1]!)
    lines.reserve()
    lines.at = writer.write(lines.bytes, lines.at, v, p, clock, origin)
  }
}
