/** One open as the opener says it made it. */
export interface MadeOpen {
  label: string
  call: string
  /** The bytes of the name, or null where the kernel can't read it either. */
  pathBase64: string | null
  dirfd: number
  /** As passed. Null where the kernel refuses to look at them, or where the call has none. */
  flags: number | null
  mode: number | null
  resolve: number | null
  /** The descriptor, or the negative errno. */
  ret: number
  pid: number
  tid: number
  ppid: number
  uid: number
  gid: number
  /** Each character is a byte. */
  comm: string
  compat: boolean
  /** By readlink of the descriptor. Absent where it failed or could not be asked. */
  resolvedBase64?: string
}

/** What one process of a burst did; times are nanoseconds per open. `stop` prints the same without times. */
export interface BurstCount {
  pid: number
  n: number
  opened: number
  failed: number
  wall_ns?: number
  cpu_ns?: number
  /** Opens per second. */
  rate?: number
}

/** This machine has no such way of opening files. */
export interface Unavailable {
  unavailable: string
  reason: string
}

export type OpenerLine = MadeOpen | BurstCount | Unavailable

export function isMade(line: OpenerLine): line is MadeOpen {
  return 'call' in line
}

export function isBurst(line: OpenerLine): line is BurstCount {
  return 'n' in line
}
