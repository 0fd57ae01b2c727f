import type { Preemption } from '../agent/preemption.ts'
import type { ModeTrial } from '../agent/try-modes.ts'
import type { Capability } from './capabilities.ts'

/** What was found on a machine; null where there was nothing to find or it couldn't be read. */
export interface Facts {
  kernel: { release: string; machine: string; preemption: Preemption }
  /** Effective user id. */
  uid: number
  capabilities: Capability[]
  /** Bytes of RLIMIT_MEMLOCK; null is unlimited. */
  lockedMemoryBytes: number | null
  btf: boolean
  tracefs: boolean
  /** `none`, `integrity` or `confidentiality`. */
  lockdown: string | null
  perfEventParanoid: number | null
  unprivilegedBpfDisabled: number | null
  clang: { path: string; version: string } | null
  libbpf: { path: string; version: string } | null
  cgroup: 'v1' | 'v2' | 'hybrid' | null
  /** Each attach mode as it went when tried, or why none could be tried. */
  modes: ModeTrial[] | { untried: string; advice?: string }
}

export interface Finding {
  about: string
  /** `lack`: in the way of a trace. `note`: worth knowing. */
  verdict: 'ok' | 'note' | 'lack'
  text: string
  advice?: string
}
