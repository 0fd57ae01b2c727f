/** The processes of this machine by the cgroup they are in, and what the kernel says of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { heldBy } from '../kernel/kernel-objects.ts'

/** @param part of the paths of their cgroups: a cluster's name, a pod's uid, a container's id. */
export function processesIn(part: string): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Boolean)
  return pids.filter(pid => read(pid, 'cgroup').includes(part))
}

/** The BPF programs and links that those processes hold, like `link 17`. */
export function attachedBy(part: string): string[] {
  const held = processesIn(part).flatMap(pid => [...heldBy(pid)])
  return held.filter(name => /^(program|link) /.test(name))
}

/** The value of a field of /proc/PID/status; '' if there is none, or no process. */
export function statusField(pid: number, field: string): string {
  return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(read(pid, 'status'))?.[1] ?? ''
}

/** '' where the process has gone. */
export function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
