/** What there is to know about the running kernel before anything is tried. */
import { existsSync, readFileSync } from 'node:fs'
import os from 'node:os'
import { gunzipSync } from 'node:zlib'
import { type Preemption, preemptionOf } from './preemption.ts'

export interface KernelFacts {
  release: string
  machine: string
  preemption: Preemption
  hasBtf: boolean
  hasTracefs: boolean
  /** 'none', 'integrity', 'confidentiality'; undefined where the kernel has no lockdown. */
  lockdown: string | undefined
  isRoot: boolean
  /** CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, are in effect. */
  mayTrace: boolean
}

const CAP_SYS_ADMIN = 21n
const CAP_PERFMON = 38n
const CAP_BPF = 39n

/** The file's text, or undefined when it can't be read: absence is an answer here. */
export function readable(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function buildConfig(): string | undefined {
  const plain = readable(`/boot/config-${os.release()}`)
  if (plain) return plain
  try {
    return gunzipSync(readFileSync('/proc/config.gz')).toString()
  } catch {
    return undefined
  }
}

export function kernelFacts(): KernelFacts {
  const capabilities = BigInt(
    `0x${/^CapEff:\s*(\w+)/m.exec(readable('/proc/self/status') ?? '')?.[1] ?? '0'}`,
  )
  const has = (capability: bigint) => ((capabilities >> capability) & 1n) === 1n
  const schedPreempt = readable('/sys/kernel/debug/sched/preempt')
  const config = schedPreempt ? undefined : buildConfig()
  return {
    release: os.release(),
    machine: os.machine(),
    preemption: preemptionOf({
      ...(schedPreempt ? { schedPreempt } : {}),
      ...(config ? { config } : {}),
      commandLine: readable('/proc/cmdline') ?? '',
      version: os.version(),
    }),
    hasBtf: existsSync('/sys/kernel/btf/vmlinux'),
    hasTracefs: ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'].some(at =>
      existsSync(`${at}/events/syscalls`),
    ),
    lockdown: /\[(\w+)\]/.exec(readable('/sys/kernel/security/lockdown') ?? '')?.[1],
    isRoot: process.geteuid?.() === 0,
    mayTrace: has(CAP_SYS_ADMIN) || (has(CAP_BPF) && has(CAP_PERFMON)),
  }
}
