/** An event as one JSON line, from the sample's bytes to the line's without a string between. Pure. */
import { CALLS } from '../crds/calls.ts'
import { AskedJson } from './asked-json.ts'
import { writeBase64 } from './base64.ts'
import { CallerJson } from './caller-json.ts'
import type { WallClock } from './clock.ts'
import { TimeWriter, writeDecimal } from './digits.ts'
import { errnoName } from './errno.ts'
import { writeJsonString } from './escape.ts'
import { type Architecture, resolveFlagNames } from './flags.ts'
import { JsonCache } from './json-cache.ts'
import { BIT, type EventLayout } from './layout.ts'
import type { Origin } from './origin.ts'
import { ascii, put } from './put.ts'
import type { Views } from './ring.ts'
import { isCleanText } from './utf8.ts'

const START = ascii('{"kind":"open","time":"')
// In the order of enum open_call.
const CALL_JSON = CALLS.map(name => ascii(`,"call":"${name}"`))
const COMPAT = ascii(',"compat":true')
const PATH = ascii(',"path":')
const NO_PATH = ascii(',"path":null,"pathError":')
const BY_HANDLE = ascii(',"path":null,"pathError":"opened by handle"')
const TRUNCATED = ascii(',"pathTruncated":true')
const PATH_BASE64 = ascii(',"pathBase64":"')
const RESOLVED = ascii(',"resolvedPath":')
const RESOLVE = ascii(',"resolve":')
const FD = ascii(',"fd":')
const ERROR = ascii(',"error":')
const END = ascii('}\n')
const QUOTE = 0x22

const OPENAT2 = 2

export class EventJson {
  readonly #layout: EventLayout
  readonly #callers: CallerJson
  readonly #time = new TimeWriter()
  readonly #asked: AskedJson
  readonly #resolve = new JsonCache(resolveFlagNames)
  readonly #errors = new JsonCache(errnoName)
  readonly #node: Uint8Array

  constructor(layout: EventLayout, nodeName: string, architecture: Architecture) {
    this.#layout = layout
    this.#asked = new AskedJson(layout, architecture)
    this.#callers = new CallerJson(layout)
    this.#node = new Uint8Array(Buffer.from(`","node":${JSON.stringify(nodeName)},`))
  }

  /** Writes the line of the sample at `p` and returns where it ends. `clock` is set to its time. */
  write(out: Uint8Array, at: number, v: Views, p: number, clock: WallClock, origin: Origin | null): number {
    const l = this.#layout
    at = this.#time.write(out, put(out, at, START), clock.seconds, clock.nanoseconds)
    at = put(out, at, this.#node)
    if (origin !== null) at = put(out, at, origin.json)
    at = this.#callers.write(out, at, v, p)
    const call = v.u8[p + l.call]!
    const bits = v.u8[p + l.bits]!
    at = put(out, at, CALL_JSON[call]!)
    if (bits & BIT.compat) at = put(out, at, COMPAT)
    at = this.#paths(out, at, v, p, bits)
    at = this.#asked.write(out, at, v, p)
    if (call === OPENAT2) at = this.#resolved(out, at, v, p)
    at = this.#result(out, at, v.i32[(p + l.ret) >> 2]!, bits)
    return put(out, at, END)
  }

  #paths(out: Uint8Array, at: number, v: Views, p: number, bits: number): number {
    const l = this.#layout
    const path = p + l.size
    const length = v.u16[(p + l.path_len) >> 1]!
    const error = v.u16[(p + l.path_error) >> 1]!
    if (bits & BIT.noName) at = put(out, at, BY_HANDLE)
    else if (error) at = put(out, put(out, at, NO_PATH), this.#errors.bytes(error))
    else {
      const start = put(out, at, PATH)
      at = writeJsonString(out, start, v.u8, path, path + length)
      // Written byte for byte between its quotes, it was plain; else it is worth a second look.
      if (at - start !== length + 2 && !isCleanText(v.u8, path, path + length)) {
        at = writeBase64(out, put(out, at, PATH_BASE64), v.u8, path, path + length)
        out[at++] = QUOTE
      }
      if (bits & BIT.pathTruncated) at = put(out, at, TRUNCATED)
    }
    const resolved = v.u16[(p + l.resolved_len) >> 1]!
    if (resolved === 0) return at
    return writeJsonString(out, put(out, at, RESOLVED), v.u8, path + length, path + length + resolved)
  }

  #resolved(out: Uint8Array, at: number, v: Views, p: number): number {
    const word = (p + this.#layout.resolve) >> 2
    const low = v.u32[word]!
    const high = v.u32[word + 1]!
    return low === 0 && high === 0 ? at : put(out, put(out, at, RESOLVE), this.#resolve.bytes(low, high))
  }

  #result(out: Uint8Array, at: number, ret: number, bits: number): number {
    if (ret < 0) return put(out, put(out, at, ERROR), this.#errors.bytes(-ret))
    return bits & BIT.noFd ? at : writeDecimal(out, put(out, at, FD), ret)
  }
}
