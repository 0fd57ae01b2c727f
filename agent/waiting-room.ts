/**
 * Copies of events from cgroups of which nobody knows yet whose they are, in bounded memory. Pure.
 * A cgroup that opens without end takes half of what is free and no more, so that the first opens of another
 * still find room.
 */
import type { Views } from './ring.ts'

const ROOM_BYTES = 8 << 20
const FIRST_BYTES = 1 << 10
/** Before each record stands its length; a multiple of 4, as views want it. */
const LENGTH_BYTES = 4

interface Queue {
  views: Views
  used: number
  count: number
}

export class WaitingRoom {
  /** Events that wait. */
  count = 0
  readonly #room: number
  readonly #queues = new Map<bigint, Queue>()
  #taken = 0

  /** @param room bytes in all. */
  constructor(room = ROOM_BYTES) {
    this.#room = room
  }

  /** Keeps the `length` bytes from `p` on. False if there is no room. */
  add(id: bigint, v: Views, p: number, length: number): boolean {
    const padded = (length + 3) & ~3
    const queue = this.#withRoom(id, LENGTH_BYTES + padded)
    if (!queue) return false
    const { u8, u32 } = queue.views
    u32[queue.used >> 2] = length
    u8.set(v.u8.subarray(p, p + length), queue.used + LENGTH_BYTES)
    queue.used += LENGTH_BYTES + padded
    queue.count++
    this.count++
    return true
  }

  /** Lets go of those of one cgroup, each handed on in the order in which they came. */
  release(id: bigint, use: (v: Views, p: number) => void): void {
    const queue = this.#queues.get(id)
    if (!queue) return
    this.#queues.delete(id)
    this.#taken -= queue.views.u8.length
    this.count -= queue.count
    for (let at = 0; at < queue.used; ) {
      const length = queue.views.u32[at >> 2]!
      use(queue.views, at + LENGTH_BYTES)
      at += LENGTH_BYTES + ((length + 3) & ~3)
    }
  }

  /** The cgroups whose events wait. */
  ids(): bigint[] {
    return [...this.#queues.keys()]
  }

  #withRoom(id: bigint, bytes: number): Queue | undefined {
    const queue = this.#queues.get(id)
    if (queue && queue.used + bytes <= queue.views.u8.length) return queue
    const had = queue?.views.u8.length ?? 0
    let size = had || FIRST_BYTES
    while (size < (queue?.used ?? 0) + bytes) size *= 2
    const free = this.#room - (this.#taken - had)
    if (size > free - size) return undefined
    this.#taken += size - had
    const grown = { views: viewsOf(size), used: queue?.used ?? 0, count: queue?.count ?? 0 }
    if (queue) grown.views.u8.set(queue.views.u8.subarray(0, queue.used))
    this.#queues.set(id, grown)
    return grown
  }
}

function viewsOf(bytes: number): Views {
  const buffer = new ArrayBuffer(bytes)
  return {
    u8: new Uint8Array(buffer),
    u16: new Uint16Array(buffer),
    u32: new Uint32Array(buffer),
    i32: new Int32Array(buffer),
  }
}
