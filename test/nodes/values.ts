/** What the chart has to be told on this machine. */
import { readFileSync } from 'node:fs'
import type { Images } from '../images/images.ts'

/** The chart's default, by the bits of /proc/PID/status. */
export const CAPABILITIES: Record<string, bigint> = {
  BPF: 39n,
  PERFMON: 38n,
  SYS_RESOURCE: 24n,
  SYS_PTRACE: 19n,
  DAC_READ_SEARCH: 2n,
}
/** Above it, the kernel asks for more than PERFMON. */
const PARANOID = 2

/** As after --set: our images, which nobody can pull, and of the capabilities those that there are here. */
export function valuesFor(images: Images): string[] {
  const isParanoid = Number(read('/proc/sys/kernel/perf_event_paranoid')) > PARANOID
  return [
    ...(['operator', 'agent'] as const).flatMap(target => imageValues(target, images.name[target])),
    `agent.capabilities={${agentCapabilities().join(',')}}`,
    ...(isParanoid ? ['agent.sysAdmin=true'] : []),
  ]
}

export function agentCapabilities(): string[] {
  const bounding = BigInt(`0x${/^CapBnd:\s*(\w+)$/m.exec(read('/proc/self/status'))![1]}`)
  const there = Object.entries(CAPABILITIES).filter(([, bit]) => (bounding >> bit) & 1n)
  return there.map(([name]) => name)
}

/** @param image repository:tag */
export function imageValues(target: 'operator' | 'agent', image: string): string[] {
  const colon = image.lastIndexOf(':')
  return [
    `${target}.image.repository=${image.slice(0, colon)}`,
    `${target}.image.tag=${image.slice(colon + 1)}`,
    `${target}.image.pullPolicy=Never`,
  ]
}

const read = (path: string): string => readFileSync(path, 'utf8')
