/** The part of a line that says how an open was asked for: few combinations make up nearly all events. Pure. */
import { writeDecimal } from './digits.ts'
import { type Architecture, modeText, openFlagNames } from './flags.ts'
import { JsonCache } from './json-cache.ts'
import type { EventLayout } from './layout.ts'
import { ascii, put } from './put.ts'
import type { Views } from './ring.ts'

const SLOTS = 64
const SLOT_BYTES = 256
const KEY_WORDS = 4

const AT_FDCWD_JSON = ascii(',"dirfd":"AT_FDCWD"')
const DIRFD = ascii(',"dirfd":')
const FLAGS = ascii(',"flags":')
const MODE = ascii(',"mode":')

const OPENAT = 1
const OPENAT2 = 2
const AT_FDCWD = -100
/** O_CREAT or __O_TMPFILE, which alone make the mode count. */
const CREATING = 0o100 | 0o20000000

export class AskedJson {
  readonly #layout: EventLayout
  readonly #flags: JsonCache
  readonly #modes = new JsonCache(modeText)
  readonly #keys = new Int32Array(SLOTS * KEY_WORDS)
  readonly #bytes = new Uint8Array(SLOTS * SLOT_BYTES)
  readonly #slots = Array.from({ length: SLOTS }, (_, i) =>
    this.#bytes.subarray(i * SLOT_BYTES, (i + 1) * SLOT_BYTES),
  )
  readonly #lengths = new Int32Array(SLOTS)

  constructor(layout: EventLayout, architecture: Architecture) {
    this.#layout = layout
    this.#flags = new JsonCache((low, high) => openFlagNames(low, high, architecture))
  }

  /** Writes dirfd, flags and mode of the event at `p`, and may scribble up to 256 bytes from `at` on. */
  write(out: Uint8Array, at: number, v: Views, p: number): number {
    const l = this.#layout
    const low = v.i32[(p + l.flags) >> 2]!
    const high = v.i32[(p + l.flags + 4) >> 2]!
    const dirfd = v.i32[(p + l.dirfd) >> 2]!
    const rest = (v.u8[p + l.call]! << 16) | v.u16[(p + l.mode) >> 1]!
    const slot = Math.imul(low ^ Math.imul(dirfd, 31) ^ rest, 0x9e3779b1) >>> 26
    const key = slot * KEY_WORDS
    const keys = this.#keys
    const isKept =
      keys[key] === low && keys[key + 1] === high && keys[key + 2] === dirfd && keys[key + 3] === rest
    if (!isKept || this.#lengths[slot] === 0) {
      const end = this.#render(out, at, v, p, low, high, dirfd)
      const length = end - at
      if (length <= SLOT_BYTES) {
        keys[key] = low
        keys[key + 1] = high
        keys[key + 2] = dirfd
        keys[key + 3] = rest
        this.#lengths[slot] = length
        for (let i = 0; i < length; i++) this.#bytes[slot * SLOT_BYTES + i] = out[at + i]!
      }
      return end
    }
    out.set(this.#slots[slot]!, at)
    return at + this.#lengths[slot]!
  }

  #render(
    out: Uint8Array,
    at: number,
    v: Views,
    p: number,
    low: number,
    high: number,
    dirfd: number,
  ): number {
    const l = this.#layout
    const call = v.u8[p + l.call]
    if (call === OPENAT || call === OPENAT2) {
      at = dirfd === AT_FDCWD ? put(out, at, AT_FDCWD_JSON) : writeDecimal(out, put(out, at, DIRFD), dirfd)
    }
    at = put(out, put(out, at, FLAGS), this.#flags.bytes(low, high))
    if (low & CREATING) at = put(out, put(out, at, MODE), this.#modes.bytes(v.u16[(p + l.mode) >> 1]!))
    return at
  }
}
