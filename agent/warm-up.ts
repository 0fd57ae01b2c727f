/**
 * Runs made-up events through a pipeline that nobody listens to, so that a burst right after the attach
 * meets compiled code and not the interpreter, which takes ten times as long. Pure.
 */
import type { EventLayout } from './layout.ts'
import type { OnSample } from './ring.ts'
import { drainAll, Ring } from './ring.ts'

const PAGE_BYTES = 4096
const RING_BYTES = 1 << 16
/** A header of 12 bytes, an event and two short names; so many fill the ring exactly. */
const RECORD_BYTES = 128
const HEADER_BYTES = 12
const HEAD_AT = 1024
const PERF_RECORD_SAMPLE = 9
/** V8 is done after some 20,000 events. */
const ROUNDS = 50
const ENOENT = 2

/** Takes some tens of milliseconds. @param onSample that of a pipeline whose lines lead nowhere. */
export function warmUp(layout: EventLayout, onSample: OnSample): void {
  const memory = new ArrayBuffer(PAGE_BYTES + RING_BYTES)
  const view = new DataView(memory)
  for (let i = 0; i < RING_BYTES / RECORD_BYTES; i++) {
    writeRecord(view, PAGE_BYTES + i * RECORD_BYTES, layout, i)
  }
  const ring = new Ring(memory, PAGE_BYTES)
  for (let round = 1; round <= ROUNDS; round++) {
    // The kernel's word that as much has been written again.
    view.setBigUint64(HEAD_AT, BigInt(round * RING_BYTES), true)
    drainAll([ring], onSample)
  }
}

function writeRecord(view: DataView, at: number, layout: EventLayout, i: number): void {
  const p = at + HEADER_BYTES
  const room = RECORD_BYTES - HEADER_BYTES - layout.size
  const name = Buffer.from(`/etc/${i % 100}`).subarray(0, room >> 1)
  const fails = i % 3 === 0
  view.setUint32(at, PERF_RECORD_SAMPLE, true)
  view.setUint16(at + 6, RECORD_BYTES, true)
  view.setUint32(at + 8, RECORD_BYTES - HEADER_BYTES, true)
  view.setUint32(p, i, true)
  view.setUint32(p + layout.tid, i % 5, true)
  view.setUint32(p + layout.tgid, i % 5, true)
  view.setUint8(p + layout.comm, 0x61)
  view.setUint8(p + layout.call, 1)
  view.setInt32(p + layout.dirfd, -100, true)
  view.setUint32(p + layout.flags, fails ? 0 : 0o2000000, true)
  view.setInt32(p + layout.ret, fails ? -ENOENT : 3, true)
  view.setUint16(p + layout.path_len, name.length, true)
  view.setUint16(p + layout.resolved_len, fails ? 0 : name.length, true)
  const bytes = new Uint8Array(view.buffer)
  bytes.set(name, p + layout.size)
  if (!fails) bytes.set(name, p + layout.size + name.length)
}
