/** Who opened most, and what: exact as long as that fits, then the most frequent. Pure. */
import type { Top } from '../crds/top.ts'
import { escapeText } from './escape.ts'
import { Frequent, type FrequentKey } from './frequent.ts'
import { BIT, type EventLayout } from './layout.ts'
import type { Origin } from './origin.ts'
import type { Views } from './ring.ts'

const FILES = 4096
const FILE_BYTES = 512
const PROCESSES = 2048
/** tgid and comm, which lie side by side. */
const PROCESS_BYTES = 20
const PROCESS_WORDS = PROCESS_BYTES / 4
const PLACES = 64
/** More pods than a node may run. */
const PODS = 1024
/** A namespace, NUL, a name. */
const POD_BYTES = 63 + 1 + 253
const ENTRIES = 10

export class Tally {
  readonly #layout: EventLayout
  readonly #files: Frequent
  readonly #processes: Frequent
  readonly #pods: Frequent | null
  readonly #kept = new Int32Array(PLACES * PROCESS_WORDS)
  readonly #slots = new Int32Array(PLACES)
  readonly #generations = new Int32Array(PLACES).fill(-1)

  /**
   * @param seed any number; random, lest file names be chosen to collide.
   * @param withPods whether there are pods to count.
   */
  constructor(layout: EventLayout, seed: number, withPods = false) {
    this.#layout = layout
    this.#files = new Frequent(FILES, FILE_BYTES, seed)
    this.#processes = new Frequent(PROCESSES, PROCESS_BYTES, seed)
    this.#pods = withPods ? new Frequent(PODS, POD_BYTES, seed) : null
  }

  /** Counts the event at `p`: its file by the resolved name where there is one. */
  add(v: Views, p: number, origin: Origin | null): void {
    const l = this.#layout
    const path = p + l.size
    const length = v.u16[(p + l.path_len) >> 1]!
    const resolved = v.u16[(p + l.resolved_len) >> 1]!
    if (resolved > 0) this.#files.add(v.u8, path + length, path + length + resolved)
    else if (v.u16[(p + l.path_error) >> 1] === 0 && !(v.u8[p + l.bits]! & BIT.noName)) {
      this.#files.add(v.u8, path, path + length)
    }
    this.#addProcess(v, p + l.tgid)
    if (origin !== null) this.#addPod(origin)
  }

  /** Where a pod was counted last time is kept with the origin: that is all it takes. */
  #addPod(origin: Origin): void {
    const pods = this.#pods
    if (pods === null || origin.key.length === 0) return
    if (origin.generation === pods.generation) {
      pods.again(origin.slot)
      return
    }
    origin.slot = pods.add(origin.key, 0, origin.key.length)
    origin.generation = pods.generation
  }

  /** A process seldom opens once: where it was counted last time is kept beside its id. */
  #addProcess(v: Views, at: number): void {
    const first = at >> 2
    const place = v.i32[first]! & (PLACES - 1)
    const kept = place * PROCESS_WORDS
    let isKept = this.#generations[place] === this.#processes.generation
    for (let i = 0; isKept && i < PROCESS_WORDS; i++) isKept = this.#kept[kept + i] === v.i32[first + i]
    if (isKept) {
      this.#processes.again(this.#slots[place]!)
      return
    }
    this.#slots[place] = this.#processes.add(v.u8, at, at + PROCESS_BYTES)
    this.#generations[place] = this.#processes.generation
    for (let i = 0; i < PROCESS_WORDS; i++) this.#kept[kept + i] = v.i32[first + i]!
  }

  top(): Top {
    return {
      files: this.#files
        .top(ENTRIES)
        .map(({ key, count, cut }) => ({ path: text(key) + (cut ? '…' : ''), count })),
      processes: byName(this.#processes.top(PROCESSES)).slice(0, ENTRIES),
      ...(this.#pods ? { pods: this.#pods.top(ENTRIES).map(({ key, count }) => podOf(key, count)) } : {}),
      approximate:
        this.#files.approximate || this.#processes.approximate || (this.#pods?.approximate ?? false),
    }
  }
}

/** Ten times `cat`, each with one open, would tell nobody anything: processes of one name are one entry. */
function byName(processes: readonly FrequentKey[]): NonNullable<Top['processes']> {
  const groups = new Map<string, { comm: string; pid: number; processes: number; count: number }>()
  for (const { key, count } of processes) {
    const end = key.indexOf(0, 4)
    const comm = text(key.subarray(4, end < 0 ? PROCESS_BYTES : end))
    const group = groups.get(comm)
    if (group) {
      group.processes++
      group.count += count
    } else {
      const pid = new DataView(key.buffer, key.byteOffset).getUint32(0, true)
      groups.set(comm, { comm, pid, processes: 1, count })
    }
  }
  return [...groups.values()]
    .sort((a, b) => b.count - a.count)
    .map(({ comm, pid, processes, count }) =>
      processes === 1 ? { comm, pid, count } : { comm, processes, count },
    )
}

function podOf(key: Uint8Array, count: number) {
  const end = key.indexOf(0)
  return { namespace: text(key.subarray(0, end)), pod: text(key.subarray(end + 1)), count }
}

function text(bytes: Uint8Array): string {
  return escapeText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'))
}
