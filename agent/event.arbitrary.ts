/** Events as the kernel program writes them, for tests: by hand with `aRecord`, any with `anyEvent`. */
import fc from 'fast-check'
import type { EventLayout } from './layout.ts'
import type { Views } from './ring.ts'

/** struct open_event of bpf/openat_event.h; layout.test.ts holds it to that. */
export const LAYOUT: EventLayout = {
  ktime_ns: 0,
  cgroup_id: 8,
  flags: 16,
  resolve: 24,
  mntns: 32,
  ret: 36,
  dirfd: 40,
  tid: 44,
  ppid: 48,
  uid: 52,
  gid: 56,
  tgid: 60,
  comm: 64,
  mode: 80,
  path_error: 82,
  path_len: 84,
  resolved_len: 86,
  base_len: 88,
  call: 90,
  bits: 91,
  size: 96,
}

export interface RawEvent {
  ktimeNs: bigint
  cgroupId: bigint
  flags: bigint
  resolve: bigint
  mntns: number
  ret: number
  dirfd: number
  tid: number
  ppid: number
  uid: number
  gid: number
  tgid: number
  comm: Uint8Array
  mode: number
  pathError: number
  call: number
  bits: number
  path: Uint8Array
  resolved: Uint8Array
  base: Uint8Array
}

/** `cat` opens /etc/passwd and gets descriptor 3. */
const PLAIN: RawEvent = {
  ktimeNs: 5_000_000_001n,
  cgroupId: 0n,
  flags: 0n,
  resolve: 0n,
  mntns: 0,
  ret: 3,
  dirfd: -100,
  tid: 4124,
  ppid: 1,
  uid: 1000,
  gid: 100,
  tgid: 4123,
  comm: bytesOf('cat'),
  mode: 0,
  pathError: 0,
  call: 1,
  bits: 0,
  path: bytesOf('/etc/passwd'),
  resolved: new Uint8Array(),
  base: new Uint8Array(),
}

/** Texts may be given as strings. */
type Given = Partial<Omit<RawEvent, 'comm' | 'path' | 'resolved' | 'base'>> &
  Partial<Record<'comm' | 'path' | 'resolved' | 'base', Uint8Array | string>>

export function anEvent(given: Given = {}): RawEvent {
  const texts = Object.entries(given).map(([name, value]) => [
    name,
    typeof value === 'string' ? bytesOf(value) : value,
  ])
  return { ...PLAIN, ...Object.fromEntries(texts) }
}

/** The record of an event in memory: where a ring would have it, at 4 bytes past a multiple of 8. */
export function aRecord(event: RawEvent, slots = 0): { v: Views; p: number; bytes: number } {
  const l = LAYOUT
  const p = 12 + slots * 8
  const bytes = l.size + event.path.length + event.resolved.length + event.base.length
  const buffer = new ArrayBuffer(Math.ceil((p + bytes + 8) / 8) * 8)
  // What lies around a record is never read: a stray read would show.
  const u8 = new Uint8Array(buffer).fill(0xee)
  u8.fill(0, p, p + l.size)
  const view = new DataView(buffer, p)
  view.setBigUint64(l.ktime_ns, event.ktimeNs, true)
  view.setBigUint64(l.cgroup_id, event.cgroupId, true)
  view.setBigUint64(l.flags, event.flags, true)
  view.setBigUint64(l.resolve, event.resolve, true)
  for (const name of ['mntns', 'ret', 'dirfd', 'tid', 'ppid', 'uid', 'gid', 'tgid'] as const)
    view.setInt32(l[name], event[name], true)
  view.setUint16(l.mode, event.mode, true)
  view.setUint16(l.path_error, event.pathError, true)
  view.setUint16(l.path_len, event.path.length, true)
  view.setUint16(l.resolved_len, event.resolved.length, true)
  view.setUint16(l.base_len, event.base.length, true)
  view.setUint8(l.call, event.call)
  view.setUint8(l.bits, event.bits)
  u8.set(event.comm, p + l.comm)
  let at = p + l.size
  for (const text of [event.path, event.resolved, event.base]) {
    u8.set(text, at)
    at += text.length
  }
  const v = { u8, u16: new Uint16Array(buffer), u32: new Uint32Array(buffer), i32: new Int32Array(buffer) }
  return { v, p, bytes }
}

export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text))
}

const HOSTILE = [
  ...'\u001b\u009b\u202e\u2028\u2066\u200f\u061c\ufeff\n\t\r\u007f\\"/é中😀',
  '\x1b[2J',
  '","fd":0,"',
]

/** What a process may call a file: any bytes but NUL, often such as would break a line or a string. */
export function hostileBytes(maxBytes: number): fc.Arbitrary<Uint8Array> {
  const part = fc.oneof(
    fc.constantFrom(...HOSTILE).map(bytesOf),
    fc.string({ unit: 'grapheme', maxLength: 12 }).map(bytesOf),
    fc.constantFrom('/etc/passwd', '/usr/lib/x86_64-linux-gnu/libc.so.6', '..', 'a').map(bytesOf),
    fc.uint8Array({ maxLength: 4 }),
  )
  return fc.array(part, { maxLength: 8 }).map(parts =>
    Uint8Array.from(Buffer.concat(parts))
      .filter(byte => byte !== 0)
      .subarray(0, maxBytes),
  )
}

const u16 = fc.integer({ min: 0, max: 0xffff })
const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })
const i32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })
const flags = fc.oneof(
  fc.constantFrom(0n, 0o101n, 0o1102n, 0o2500000n, 0o20200002n, 0o240000n).map(flags => flags),
  u64,
)

/** Any event that a kernel program could write. */
export const anyEvent: fc.Arbitrary<RawEvent> = fc.record({
  ktimeNs: fc.bigInt({ min: 0n, max: 1n << 62n }),
  cgroupId: u64,
  flags,
  resolve: fc.oneof(
    fc.constant(0n),
    fc.bigInt({ min: 0n, max: 0x3fn }),
    fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  ),
  mntns: u32,
  ret: fc.oneof(fc.nat({ max: 1023 }), fc.integer({ min: -600, max: -1 }), i32),
  dirfd: fc.oneof(fc.constant(-100), fc.nat({ max: 9 }), i32),
  tid: u32,
  ppid: u32,
  uid: u32,
  gid: u32,
  tgid: u32,
  comm: hostileBytes(15),
  mode: u16,
  pathError: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: u16 }),
  call: fc.nat({ max: 7 }),
  bits: fc.nat({ max: 0x7f }),
  path: hostileBytes(4095),
  resolved: fc.oneof(fc.constant(new Uint8Array()), hostileBytes(4095)),
  base: fc.oneof(fc.constant(new Uint8Array()), hostileBytes(64)),
})
