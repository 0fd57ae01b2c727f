/** An event as a line of the table: time since the first, command, pid, outcome, file. Pure. */
import { commEnd } from './caller-json.ts'
import type { WallClock } from './clock.ts'
import { writeDecimal, writeSeconds } from './digits.ts'
import { errnoName } from './errno.ts'
import { writeTableText } from './escape.ts'
import { BIT, type EventLayout } from './layout.ts'
import type { Origin } from './origin.ts'
import { ascii, put } from './put.ts'
import type { Views } from './ring.ts'

export const TABLE_HEADER = 'TIME(s)            COMM             PID     FD/ERR       FILE'
/** Most names fit; longer ones move the file. */
const POD_WIDTH = 41
/** In a cluster. */
export const POD_TABLE_HEADER = TABLE_HEADER.replace('FILE', `${'POD'.padEnd(POD_WIDTH)}FILE`)
const NANO = 1_000_000_000
const TIME_WIDTH = 19
const COMM_WIDTH = 17
const PID_WIDTH = 8
const RESULT_WIDTH = 13
const SPACE = 0x20
const ARROW = ascii(' -> ')
const UNREADABLE = ascii('(unreadable: ')
const BY_HANDLE = ascii('(by handle)')

export class EventTable {
  readonly #layout: EventLayout
  readonly #errors = new Map<number, Uint8Array>()
  #startSeconds = -1
  #startNanoseconds = 0

  constructor(layout: EventLayout) {
    this.#layout = layout
  }

  /** Writes the line of the sample at `p`, whose time `clock` holds, and returns where it ends. */
  write(out: Uint8Array, at: number, v: Views, p: number, clock: WallClock, origin: Origin | null): number {
    const l = this.#layout
    if (this.#startSeconds < 0) {
      this.#startSeconds = clock.seconds
      this.#startNanoseconds = clock.nanoseconds
    }
    at = pad(out, this.#time(out, at, clock), at + TIME_WIDTH)
    const comm = p + l.comm
    at = pad(out, writeTableText(out, at, v.u8, comm, commEnd(v.u8, comm)), at + COMM_WIDTH)
    at = pad(out, writeDecimal(out, at, v.u32[(p + l.tgid) >> 2]!), at + PID_WIDTH)
    const ret = v.i32[(p + l.ret) >> 2]!
    at = pad(out, this.#result(out, at, ret, v.u8[p + l.bits]!), at + RESULT_WIDTH)
    if (origin !== null) at = pad(out, put(out, at, origin.column), at + POD_WIDTH)
    at = this.#file(out, at, v, p)
    out[at++] = 0x0a
    return at
  }

  /** Negative where CPUs' clocks or a set clock put an event before the first. */
  #time(out: Uint8Array, at: number, clock: WallClock): number {
    let seconds = clock.seconds - this.#startSeconds
    let nanoseconds = clock.nanoseconds - this.#startNanoseconds
    if (nanoseconds < 0) {
      nanoseconds += NANO
      seconds--
    }
    return seconds < 0 ? writeSeconds(out, at, 0, 0) : writeSeconds(out, at, seconds, nanoseconds)
  }

  #result(out: Uint8Array, at: number, ret: number, bits: number): number {
    if (ret < 0) return put(out, at, this.#error(-ret))
    if (!(bits & BIT.noFd)) return writeDecimal(out, at, ret)
    out[at] = 0x2d
    return at + 1
  }

  #error(errno: number): Uint8Array {
    const known = this.#errors.get(errno)
    if (known) return known
    const name = ascii(errnoName(errno))
    this.#errors.set(errno, name)
    return name
  }

  #file(out: Uint8Array, at: number, v: Views, p: number): number {
    const l = this.#layout
    const path = p + l.size
    const length = v.u16[(p + l.path_len) >> 1]!
    const error = v.u16[(p + l.path_error) >> 1]!
    if (v.u8[p + l.bits]! & BIT.noName) at = put(out, at, BY_HANDLE)
    else if (error) {
      at = put(out, put(out, at, UNREADABLE), this.#error(error))
      out[at++] = 0x29
    } else at = writeTableText(out, at, v.u8, path, path + length)
    const resolved = v.u16[(p + l.resolved_len) >> 1]!
    if (resolved === 0 || isSame(v.u8, path, length, resolved)) return at
    return writeTableText(out, put(out, at, ARROW), v.u8, path + length, path + length + resolved)
  }
}

/** Whether the resolved name, which follows the one asked for, is the same. */
function isSame(u8: Uint8Array, path: number, length: number, resolved: number): boolean {
  if (length !== resolved) return false
  for (let i = 0; i < length; i++) if (u8[path + i] !== u8[path + length + i]) return false
  return true
}

/** Fills up to a column; at least one space follows in any case. */
function pad(out: Uint8Array, at: number, to: number): number {
  do out[at++] = SPACE
  while (at < to)
  return at
}
