/** What /proc says about a reader. Each function throws ENOENT once the process is gone. */
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'

/**
 * User and kernel time of the process's living threads, in nanoseconds.
 * Not from /proc/PID/stat: it counts in ticks of 10 ms, half of what an idle reader may spend in 10 s.
 */
export function cpuNanoseconds(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, tid) => sum + threadNanoseconds(pid, tid), 0)
}

function threadNanoseconds(pid: number, tid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'latin1').split(' ')[0])
  } catch {
    return 0 // a thread that has ended since the listing
  }
}

/** Starts VmHWM afresh, so that what a reader needed to compile its program is not held against its load. */
export function resetPeakRss(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

export function peakRssBytes(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
  return Number(line![1]) * 1024
}

/**
 * The kernel objects that the process holds, as one text that can be compared.
 * Empty while there is no BPF program among them.
 */
export function heldObjects(pid: number): string {
  const links = readdirSync(`/proc/${pid}/fd`).map(fd => {
    try {
      return `${fd} ${readlinkSync(`/proc/${pid}/fd/${fd}`)}`
    } catch {
      return '' // closed since the listing
    }
  })
  return links.some(link => link.includes('bpf-prog')) ? links.join('\n') : ''
}
