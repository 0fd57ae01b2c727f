/** Where each field of an event lies, as the object's own BTF says. Pure. */
import { type StructLayout, structLayout } from './btf.ts'
import { COUNTERS } from './counters.ts'
import { readElf } from './elf.ts'

/** The fields we read and how wide we take them to be. */
const WIDTHS = {
  ktime_ns: 8,
  cgroup_id: 8,
  flags: 8,
  resolve: 8,
  mntns: 4,
  ret: 4,
  dirfd: 4,
  tid: 4,
  ppid: 4,
  uid: 4,
  gid: 4,
  tgid: 4,
  comm: 16,
  mode: 2,
  path_error: 2,
  path_len: 2,
  resolved_len: 2,
  base_len: 2,
  call: 1,
  bits: 1,
} as const

/** Byte offsets in a sample; `size` is where the texts begin. */
export type EventLayout = Record<keyof typeof WIDTHS | 'size', number>

export class LayoutMismatch extends Error {
  override name = 'LayoutMismatch'
}

/** enum open_bits of openat_event.h */
export const BIT = {
  compat: 1,
  selfTest: 2,
  undecided: 4,
  pathTruncated: 8,
  resolvedPartial: 16,
  noFd: 32,
  kernelName: 64,
  noName: 128,
} as const

/** @param btf the object's `.BTF` section. Throws LayoutMismatch when C and this file disagree. */
export function eventLayout(btf: Uint8Array): EventLayout {
  const struct = structLayout(btf, 'open_event')
  const offsets = Object.entries(WIDTHS).map(([name, width]) => [
    name,
    offsetOf(struct, 'open_event', name, width),
  ])
  const layout = { ...Object.fromEntries(offsets), size: struct.size } as EventLayout
  // The reader orders by the first field and compares a caller from tid to comm in one piece.
  if (layout.ktime_ns !== 0) throw new LayoutMismatch('ktime_ns must be the first field of open_event')
  if (layout.comm - layout.tid !== 20) throw new LayoutMismatch('tid to comm must be one piece of open_event')
  if (layout.comm - layout.tgid !== 4)
    throw new LayoutMismatch('tgid must stand before comm, as the tally counts them')
  return layout
}

function offsetOf(struct: StructLayout, of: string, name: string, width: number): number {
  const field = struct.fields[name]
  if (!field) throw new LayoutMismatch(`${of} has no field ${name}`)
  if (field.size !== width) throw new LayoutMismatch(`${of}.${name} is ${field.size} bytes, not ${width}`)
  return field.offset
}

/**
 * The counters the agent reads, with their offsets, and the distance from one CPU's to the next's.
 * Throws LayoutMismatch: a counter read as nothing would be a loss untold.
 */
export function counterLayout(btf: Uint8Array): { offsets: Record<string, number>; stride: number } {
  const struct = structLayout(btf, 'open_counters')
  const offsets = Object.fromEntries(COUNTERS.map(name => [name, offsetOf(struct, 'open_counters', name, 8)]))
  return { offsets, stride: struct.size }
}

export interface ObjectLayout {
  event: EventLayout
  counters: ReturnType<typeof counterLayout>
}

/** Everything the agent needs to know of a compiled object. Throws BadElf, BadBtf, LayoutMismatch. */
export function objectLayout(object: Uint8Array): ObjectLayout {
  const btf = readElf(object).sections.find(section => section.name === '.BTF')?.bytes
  if (!btf) throw new LayoutMismatch('the compiled object has no BTF')
  return { event: eventLayout(btf), counters: counterLayout(btf) }
}
