/** The capabilities a tracer can need, by their bit in /proc/PID/status (linux/capability.h). */
const BITS = {
  CAP_DAC_READ_SEARCH: 2,
  CAP_IPC_LOCK: 14,
  CAP_SYS_PTRACE: 19,
  CAP_SYS_ADMIN: 21,
  CAP_SYS_RESOURCE: 24,
  CAP_PERFMON: 38,
  CAP_BPF: 39,
}

export type Capability = keyof typeof BITS
export const CAPABILITIES = Object.keys(BITS) as Capability[]

/** Which of them are effective, by the text of /proc/self/status. */
export function effectiveCapabilities(status: string): Capability[] {
  const mask = BigInt('0x' + (/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'))
  return CAPABILITIES.filter(name => (mask >> BigInt(BITS[name])) & 1n)
}
