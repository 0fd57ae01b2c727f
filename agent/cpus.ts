/** Lists of CPUs as the kernel writes them, "0-3,8". Pure. */

export function cpuList(text: string): number[] {
  return text
    .trim()
    .split(',')
    .filter(Boolean)
    .flatMap(range => {
      const [first, last = first] = range.split('-').map(Number) as [number, number?]
      return Array.from({ length: last! - first + 1 }, (_, i) => first + i)
    })
}

const MIB = 1 << 20
const PER_CPU = 4 * MIB
const PER_NODE = 64 * MIB

/** Bytes of each CPU's ring: 4 MiB, less where that would be over 64 MiB in all; a power of two. */
export function ringBytes(cpus: number): number {
  return Math.min(PER_CPU, 2 ** Math.floor(Math.log2(PER_NODE / cpus)))
}
