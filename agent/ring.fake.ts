/** The kernel's side of a perf ring, for tests: it writes records as kernel/events/ring_buffer.c does. */

export const PAGE_BYTES = 4096
const HEAD_AT = 1024
const TAIL_AT = 1032
const RECORD_LOST = 2
const RECORD_SAMPLE = 9

export class FakeRing {
  readonly memory: ArrayBuffer
  /** Samples there was no room for. */
  dropped = 0
  readonly #bytes: number
  readonly #data: Uint8Array
  readonly #page: BigUint64Array
  #head: bigint
  #untold = 0

  /**
   * @param bytes of data, a power of two.
   * @param start bytes written and read before, a multiple of 8: a ring that has been used for long.
   */
  constructor(bytes: number, start = 0n) {
    this.memory = new ArrayBuffer(PAGE_BYTES + bytes)
    this.#bytes = bytes
    this.#data = new Uint8Array(this.memory, PAGE_BYTES)
    this.#page = new BigUint64Array(this.memory, 0, PAGE_BYTES / 8)
    this.#head = start
    this.#page[HEAD_AT / 8] = start
    this.#page[TAIL_AT / 8] = start
  }

  get head(): bigint {
    return this.#head
  }

  /** What the reader gave back. */
  get tail(): bigint {
    return this.#page[TAIL_AT / 8]!
  }

  /** Drops the sample where there is no room; a lost record then goes before the next that fits. */
  sample(payload: Uint8Array): boolean {
    const lost = this.#untold > 0 ? [lostRecord(this.#untold)] : []
    const record = sampleRecord(payload)
    // As CIRC_SPACE has it, the last byte is never used.
    const free = this.#bytes - Number(this.#head - this.tail) - 1
    if (record.length + (lost[0]?.length ?? 0) > free) {
      this.dropped++
      this.#untold++
      return false
    }
    this.#untold = 0
    for (const each of [...lost, record]) this.#put(each)
    this.#publish()
    return true
  }

  /** A lost record by itself. */
  lost(count: number): void {
    this.#put(lostRecord(count))
    this.#publish()
  }

  /** A record whose header says `size`, of which 8 bytes are there. */
  lie(type: number, size: number): void {
    this.#put(header(type, size, 8))
    this.#publish()
  }

  #put(record: Uint8Array): void {
    const at = Number(this.#head & BigInt(this.#bytes - 1))
    const first = Math.min(record.length, this.#bytes - at)
    this.#data.set(record.subarray(0, first), at)
    this.#data.set(record.subarray(first), 0)
    this.#head += BigInt(record.length)
  }

  #publish(): void {
    this.#page[HEAD_AT / 8] = this.#head
  }
}

/** What a reader sees of a payload: the kernel fills its record up to a multiple of 8 bytes. */
export function padded(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((payload.length + 4) / 8) * 8 - 4)
  bytes.set(payload)
  return bytes
}

function sampleRecord(payload: Uint8Array): Uint8Array {
  const raw = padded(payload)
  const record = header(RECORD_SAMPLE, 12 + raw.length, 12 + raw.length)
  new DataView(record.buffer).setUint32(8, raw.length, true)
  record.set(raw, 12)
  return record
}

function lostRecord(count: number): Uint8Array {
  const record = header(RECORD_LOST, 24, 24)
  const view = new DataView(record.buffer)
  view.setBigUint64(8, 77n, true)
  view.setBigUint64(16, BigInt(count), true)
  return record
}

/** struct perf_event_header, and room for the rest. */
function header(type: number, size: number, bytes: number): Uint8Array {
  const record = new Uint8Array(bytes)
  const view = new DataView(record.buffer)
  view.setUint32(0, type, true)
  view.setUint16(6, size, true)
  return record
}
