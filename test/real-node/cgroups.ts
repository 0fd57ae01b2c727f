/** The cgroups of a test cluster's node: one by the cluster's name at the root of each hierarchy. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const ROOT = '/sys/fs/cgroup'
const STEP_MS = 20
/** Far more than killed processes take to end. */
const STEPS = 1500

/** kubelet wants its cgroupRoot to be there. In v1's cpuset, a new one has no CPU until it is given some. */
export function makeCgroups(name: string): void {
  for (const hierarchy of hierarchies()) {
    const path = join(hierarchy, name)
    mkdirSync(path, { recursive: true })
    for (const file of ['cpuset.cpus', 'cpuset.mems'])
      if (existsSync(join(hierarchy, 'cpuset.sched_load_balance')))
        writeFileSync(join(path, file), readFileSync(join(hierarchy, file)))
  }
}

/** Kills every process in them, and removes them unless told to leave the directories. Returns what would not go. */
export async function removeCgroups(name: string, { keepDirectories = false } = {}): Promise<string[]> {
  const roots = hierarchies()
    .map(hierarchy => join(hierarchy, name))
    .filter(path => existsSync(path))
  for (let step = 0; step < STEPS; step++) {
    const pids = new Set(roots.flatMap(below).flatMap(processesIn))
    if (pids.size === 0) break
    for (const pid of pids) kill(pid)
    await sleep(STEP_MS)
  }
  if (keepDirectories) return []
  for (const path of roots.flatMap(below).reverse()) remove(path)
  return roots.filter(path => existsSync(path))
}

/** The mounts of v1's controllers and of v2; on a machine with v2 alone, that one. */
function hierarchies(): string[] {
  if (existsSync(join(ROOT, 'cgroup.procs'))) return [ROOT]
  return readdirSync(ROOT)
    .map(name => join(ROOT, name))
    .filter(path => existsSync(join(path, 'cgroup.procs')))
}

/** A cgroup and all beneath it, those above first. */
function below(path: string): string[] {
  return [path, ...childrenOf(path).flatMap(name => below(join(path, name)))]
}

function childrenOf(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true })
    return entries.filter(entry => entry.isDirectory()).map(({ name }) => name)
  } catch {
    return [] // gone: what runs there cleans up behind itself, too
  }
}

function processesIn(path: string): number[] {
  try {
    return readFileSync(join(path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

function kill(pid: number): void {
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended meanwhile
  }
}

function remove(path: string): void {
  try {
    rmdirSync(path)
  } catch {
    // told by the caller's second look
  }
}
