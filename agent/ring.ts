/**
 * One CPU's perf ring, read where the kernel wrote it: no copy, no call and no allocation for a
 * sample. Pure: it knows a piece of memory and nothing of where that comes from.
 */

/** The same memory seen at each width; a sample is at a byte offset divisible by 4. */
export interface Views {
  readonly u8: Uint8Array
  readonly u16: Uint16Array
  readonly u32: Uint32Array
  readonly i32: Int32Array
}

/** Called for each sample; `at` and `length` in bytes. The bytes are gone once it returns. */
export type OnSample = (views: Views, at: number, length: number) => void

const RECORD_LOST = 2
const RECORD_SAMPLE = 9
const HEAD_WORD = 1024 / 4
const TAIL_AT = 1032
/** A sample can't be longer: perf_event_header.size has 16 bits. */
const WRAPPED_BYTES = 1 << 16

export class CorruptRing extends Error {
  override name = 'CorruptRing'
}

function viewsOf(buffer: ArrayBuffer, offset: number, bytes: number): Views {
  return {
    u8: new Uint8Array(buffer, offset, bytes),
    u16: new Uint16Array(buffer, offset, bytes >> 1),
    u32: new Uint32Array(buffer, offset, bytes >> 2),
    i32: new Int32Array(buffer, offset, bytes >> 2),
  }
}

export class Ring {
  /** Samples the kernel says it dropped, by its lost records. */
  lost = 0
  samples = 0
  /** Nanoseconds of the sample that `peek` found. In an array, for a number returned would be allocated. */
  readonly time = new Float64Array(1)
  readonly bytes: number
  readonly #head: Int32Array
  readonly #tail: BigUint64Array
  readonly #data: Views
  readonly #wrapped: Views
  readonly #mask: number
  /** Positions count bytes ever written, cut to 32 bits as far as they are needed. */
  #position = 0
  #limit = 0
  #published = 0n
  #released = 0
  /** A long drain gives back this much at a time: the kernel goes on writing meanwhile. */
  readonly #share: number

  /** @param memory the mapping: one page of bookkeeping, then a power of two of data. */
  constructor(memory: ArrayBuffer, pageBytes: number) {
    this.bytes = memory.byteLength - pageBytes
    this.#head = new Int32Array(memory, 0, pageBytes >> 2)
    this.#tail = new BigUint64Array(memory, TAIL_AT, 1)
    this.#data = viewsOf(memory, pageBytes, this.bytes)
    this.#wrapped = viewsOf(new ArrayBuffer(WRAPPED_BYTES), 0, WRAPPED_BYTES)
    this.#mask = this.bytes - 1
    this.#share = this.bytes >> 3
    this.#published = this.#tail[0]!
    this.#position = Number(this.#published & 0xffff_ffffn)
    this.#limit = this.#position
    this.#released = this.#position
  }

  /** Looks how far the kernel has written; returns the unread bytes. */
  refresh(): number {
    this.#limit = Atomics.load(this.#head, HEAD_WORD) >>> 0
    return (this.#limit - this.#position) >>> 0
  }

  /** Whether there is a sample to read; its time, the first field of every event, is then in `time[0]`. */
  peek(): boolean {
    while (this.#position !== this.#limit) {
      const at = this.#position & this.#mask
      if (this.#data.u32[at >> 2] === RECORD_SAMPLE) {
        const low = this.#data.u32[((at + 12) & this.#mask) >> 2] as number
        const high = this.#data.u32[((at + 16) & this.#mask) >> 2] as number
        this.time[0] = high * 4294967296 + low
        return true
      }
      this.#step(skip)
    }
    return false
  }

  /** Hands on samples up to and including that time; the first one in any case. */
  drain(until: number, onSample: OnSample): void {
    do {
      this.#step(onSample)
      if ((this.#position - this.#released) >>> 0 > this.#share) this.release()
    } while (this.peek() && this.time[0]! <= until)
  }

  #step(onSample: OnSample): void {
    const at = this.#position & this.#mask
    const type = this.#data.u32[at >> 2] as number
    const size = this.#data.u16[(at >> 1) + 3] as number
    // The kernel keeps records at multiples of 8, so a header never wraps.
    if (size < 8 || (size & 7) !== 0 || size > (this.#limit - this.#position) >>> 0) {
      throw new CorruptRing(`a record of ${size} bytes, type ${type}, at ${at} of ${this.bytes}`)
    }
    let views = this.#data
    let start = at
    if (at + size > this.bytes) {
      const first = this.bytes - at
      this.#wrapped.u8.set(this.#data.u8.subarray(at), 0)
      this.#wrapped.u8.set(this.#data.u8.subarray(0, size - first), first)
      views = this.#wrapped
      start = 0
    }
    if (type === RECORD_SAMPLE) {
      this.samples++
      onSample(views, start + 12, views.u32[(start + 8) >> 2] as number)
    } else if (type === RECORD_LOST) {
      this.lost += views.u32[(start + 16) >> 2] as number
    }
    this.#position = (this.#position + size) >>> 0
  }

  /** Gives what was read back to the kernel. */
  release(): void {
    const read = (this.#position - this.#released) >>> 0
    if (read === 0) return
    this.#released = this.#position
    this.#published += BigInt(read)
    Atomics.store(this.#tail, 0, this.#published)
  }
}

function skip(): void {}

/**
 * Reads all rings up to what they hold now, in the order of time across CPUs.
 * Returns the number of bytes read.
 */
export function drainAll(rings: readonly Ring[], onSample: OnSample): number {
  let bytes = 0
  for (const ring of rings) bytes += ring.refresh()
  if (bytes === 0) return 0
  for (;;) {
    let first: Ring | undefined
    let firstTime = Number.POSITIVE_INFINITY
    let secondTime = Number.POSITIVE_INFINITY
    for (const ring of rings) {
      if (!ring.peek()) continue
      const time = ring.time[0]!
      if (time < firstTime) {
        secondTime = firstTime
        firstTime = time
        first = ring
      } else if (time < secondTime) secondTime = time
    }
    if (!first) break
    first.drain(secondTime, onSample)
  }
  for (const ring of rings) ring.release()
  return bytes
}
