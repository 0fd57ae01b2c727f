/** The last few events, copied as bytes. Pure. */
import type { EventLayout } from './layout.ts'
import type { Origin } from './origin.ts'
import type { Views } from './ring.ts'

const KEPT = 4
/** Longer texts are left out: a report has little room. */
const RECORD_BYTES = 2048
/** Of a batch larger than this the first ones count as newest: the hot path copies no more. */
const COPIES_PER_BATCH = 64

export class Newest {
  readonly #layout: EventLayout
  readonly #buffer = new ArrayBuffer(KEPT * RECORD_BYTES)
  readonly #u8 = new Uint8Array(this.#buffer)
  /** Kept beside: a cgroup may be forgotten sooner than its events. */
  readonly #origins: (Origin | null)[] = new Array(KEPT).fill(null)
  #budget = COPIES_PER_BATCH
  #count = 0

  constructor(layout: EventLayout) {
    this.#layout = layout
  }

  beginBatch(): void {
    this.#budget = COPIES_PER_BATCH
  }

  note(v: Views, p: number, origin: Origin | null): void {
    if (this.#budget === 0) return
    const l = this.#layout
    const length = l.size + v.u16[(p + l.path_len) >> 1]! + v.u16[(p + l.resolved_len) >> 1]!
    if (length > RECORD_BYTES) return
    this.#budget--
    const place = this.#count % KEPT
    const start = place * RECORD_BYTES
    this.#origins[place] = origin
    for (let i = 0; i < length; i++) this.#u8[start + i] = v.u8[p + i]!
    this.#count++
  }

  /** Calls back with each kept record, newest first. */
  forEach(use: (v: Views, p: number, origin: Origin | null) => void): void {
    const views = {
      u8: this.#u8,
      u16: new Uint16Array(this.#buffer),
      u32: new Uint32Array(this.#buffer),
      i32: new Int32Array(this.#buffer),
    }
    for (let i = 1; i <= Math.min(KEPT, this.#count); i++) {
      const place = (this.#count - i) % KEPT
      use(views, place * RECORD_BYTES, this.#origins[place]!)
    }
  }
}
