/** A cgroup's place in the log and in the tally, prepared once so that an event costs no more than a copy. Pure. */
import { escapeText, writeJsonString } from './escape.ts'
import { HOST, type Owner, type Told } from './origins.ts'
import { ascii } from './put.ts'

export const WANTED = 0
export const UNWANTED = 1
export const UNTOLD = 2
export const PENDING = 3

const NOTHING = new Uint8Array()
const NOT_A_POD = ascii('-')
/** What a table says where nobody can tell the pod. */
const NOBODY_KNOWS = ascii('?')
/** Each byte takes at most six, and quotes. */
const LONGEST = 6
const ROOM = 64

export class Origin {
  readonly verdict: number
  /** `"namespace":"a","pod":"b","container":"c",` as it stands in a line; empty for the host. */
  readonly json: Uint8Array
  /** `a/b` for a table. */
  readonly column: Uint8Array
  /** What the tally counts pods by: namespace, NUL, name. Empty: no pod. */
  readonly key: Uint8Array
  /** The tally's: where it has the pod, as long as its generation is this one. */
  slot = 0
  generation = -1

  constructor(verdict: number, json: Uint8Array, column: Uint8Array, key: Uint8Array) {
    this.verdict = verdict
    this.json = json
    this.column = column
    this.key = key
  }
}

/** Asked for, and not told yet. */
export const PENDING_ORIGIN = new Origin(PENDING, NOTHING, NOBODY_KNOWS, NOTHING)
const UNWANTED_ORIGIN = new Origin(UNWANTED, NOTHING, NOTHING, NOTHING)
export const UNTOLD_ORIGIN = new Origin(UNTOLD, ascii('"unattributed":true,'), NOBODY_KNOWS, NOTHING)
export const HOST_ORIGIN = new Origin(WANTED, NOTHING, NOT_A_POD, NOTHING)

export function originOf(told: Told): Origin {
  if (told.verdict === 'unwanted') return UNWANTED_ORIGIN
  if (told.verdict === 'untold') return UNTOLD_ORIGIN
  return told.whose === HOST ? HOST_ORIGIN : originOfPod(told.whose)
}

function originOfPod({ namespace, pod, container }: Owner): Origin {
  const fields = Object.entries({ namespace, pod, ...(container === undefined ? {} : { container }) })
  return new Origin(
    WANTED,
    Buffer.concat(fields.map(([name, text]) => field(name, text))),
    Buffer.from(`${escapeText(namespace)}/${escapeText(pod)}`),
    Buffer.from(`${namespace}\0${pod}`),
  )
}

/** Names come from the API server, whose word is as good as anybody's: escaped as file names are. */
function field(name: string, text: string): Uint8Array {
  const bytes = Buffer.from(text)
  const out = new Uint8Array(bytes.length * LONGEST + ROOM)
  const start = Buffer.from(out.buffer).write(`"${name}":`, 'latin1')
  const end = writeJsonString(out, start, bytes, 0, bytes.length)
  out[end] = 0x2c
  return out.slice(0, end + 1)
}
