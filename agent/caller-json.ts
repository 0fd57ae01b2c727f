/**
 * The part of a line that says who opened: the same for many events in a row, so it is written once
 * and kept. Pure.
 */
import { writeDecimal } from './digits.ts'
import { writeJsonString } from './escape.ts'
import type { EventLayout } from './layout.ts'
import { ascii, put } from './put.ts'
import type { Views } from './ring.ts'

const SLOTS = 256
/** Five numbers with their names, and a comm of 15 bytes at six bytes each. */
const SLOT_BYTES = 256
const IDENTITY_WORDS = 9

const PID = ascii('"pid":')
const TID = ascii(',"tid":')
const PPID = ascii(',"ppid":')
const UID = ascii(',"uid":')
const GID = ascii(',"gid":')
const COMM = ascii(',"comm":')

/** The length of a comm, which is padded with NULs. */
export function commEnd(u8: Uint8Array, at: number): number {
  let end = at
  while (end < at + 16 && u8[end] !== 0) end++
  return end
}

export class CallerJson {
  readonly #layout: EventLayout
  readonly #identities = new Int32Array(SLOTS * IDENTITY_WORDS)
  readonly #bytes = new Uint8Array(SLOTS * SLOT_BYTES)
  readonly #slots = Array.from({ length: SLOTS }, (_, i) =>
    this.#bytes.subarray(i * SLOT_BYTES, (i + 1) * SLOT_BYTES),
  )
  readonly #lengths = new Int32Array(SLOTS)

  constructor(layout: EventLayout) {
    this.#layout = layout
  }

  /** Writes `"pid":…,"comm":"…"` of the event at `p`, and may scribble up to 256 bytes from `at` on. */
  write(out: Uint8Array, at: number, v: Views, p: number): number {
    const first = (p + this.#layout.tid) >> 2
    const slot = v.i32[first]! & (SLOTS - 1)
    const kept = slot * IDENTITY_WORDS
    const identities = this.#identities
    let same = this.#lengths[slot] !== 0
    for (let i = 0; same && i < IDENTITY_WORDS; i++) same = identities[kept + i] === v.i32[first + i]
    const start = slot * SLOT_BYTES
    if (!same) {
      for (let i = 0; i < IDENTITY_WORDS; i++) identities[kept + i] = v.i32[first + i]!
      this.#lengths[slot] = this.#render(start, v, p) - start
    }
    // The whole slot in one call; what lies behind its text is overwritten by what follows.
    out.set(this.#slots[slot]!, at)
    return at + this.#lengths[slot]!
  }

  #render(start: number, v: Views, p: number): number {
    const l = this.#layout
    const out = this.#bytes
    let at = writeDecimal(out, put(out, start, PID), v.u32[(p + l.tgid) >> 2]!)
    at = writeDecimal(out, put(out, at, TID), v.u32[(p + l.tid) >> 2]!)
    at = writeDecimal(out, put(out, at, PPID), v.u32[(p + l.ppid) >> 2]!)
    at = writeDecimal(out, put(out, at, UID), v.u32[(p + l.uid) >> 2]!)
    at = writeDecimal(out, put(out, at, GID), v.u32[(p + l.gid) >> 2]!)
    const comm = p + l.comm
    return writeJsonString(out, put(out, at, COMM), v.u8, comm, commEnd(v.u8, comm))
  }
}
