import { findClang } from '../agent/compile.ts'
import { kernelFacts, readable } from '../agent/kernel.ts'
import { effectiveCapabilities } from './capabilities.ts'
import type { Facts } from './examination.ts'
import { clangVersion, findLibbpf } from './tools.ts'

/** Reads what this machine is like, all but the attach modes. What can't be read is null; never throws. */
export async function gatherFacts(): Promise<Omit<Facts, 'modes'>> {
  const { release, machine, preemption, hasBtf, hasTracefs, lockdown } = kernelFacts()
  return {
    kernel: { release, machine, preemption },
    uid: process.geteuid?.() ?? 0,
    capabilities: effectiveCapabilities(readable('/proc/self/status') ?? ''),
    lockedMemoryBytes: lockedMemory(readable('/proc/self/limits') ?? ''),
    btf: hasBtf,
    tracefs: hasTracefs,
    lockdown: lockdown ?? null,
    perfEventParanoid: sysctl('perf_event_paranoid'),
    unprivilegedBpfDisabled: sysctl('unprivileged_bpf_disabled'),
    clang: await clangVersion(findClang()),
    libbpf: findLibbpf(),
    cgroup: cgroupLayout(readable('/proc/self/mounts') ?? ''),
  }
}

/** Bytes of the soft limit, null where there is none, by the text of /proc/self/limits. */
function lockedMemory(limits: string): number | null {
  const soft = /^Max locked memory\s+(\d+)/m.exec(limits)?.[1]
  return soft === undefined ? null : Number(soft)
}

function sysctl(name: string): number | null {
  const found = readable(`/proc/sys/kernel/${name}`)?.trim()
  return found ? Number(found) : null
}

function cgroupLayout(mounts: string): Facts['cgroup'] {
  const v1 = /^\S+ \S+ cgroup /m.test(mounts)
  const v2 = /^\S+ \S+ cgroup2 /m.test(mounts)
  if (v2) return v1 ? 'hybrid' : 'v2'
  return v1 ? 'v1' : null
}
