/** What the figures were measured on. */
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'

export interface HostFacts {
  kernel: string
  cpu: string
  cpus: number
  memoryBytes: number
  node: string
  /** Of the last minute, before the first burst: what others do here goes into every figure. */
  loadAverage: number
  /** Where the opens are made: the last CPU, as interrupts tend to come in on the first. */
  generatorCpu: number
}

export function hostFacts(): HostFacts {
  return {
    kernel: release(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.version,
    loadAverage: loadavg()[0]!,
    generatorCpu: cpus().length - 1,
  }
}
