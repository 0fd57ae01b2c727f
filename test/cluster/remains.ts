/** What there is of a cluster on this machine, and its removal: by the keeper, or by the owner where the keeper died. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { removeCgroups } from '../real-node/cgroups.ts'

export interface ClusterTraces {
  /** The value of MARK in the environment of all that belongs to the cluster. */
  name: string
  /** As the links in /proc/PID/ns say it: `net:[4026532277]`. */
  netns: string
  /** Files and directories. */
  paths: readonly string[]
}

/** Inherited by all that a cluster's processes start. */
export const MARK = 'TRACEJOB_CLUSTER'

const STEP_MS = 20
/** Far more than a killed process takes to end. */
const DEADLINE_SECONDS = 60

/** Ends every process of the cluster, unmounts and removes its paths. Returns what is left: nothing, or sentences. */
export async function removeTraces(of: ClusterTraces): Promise<string[]> {
  const deadline = performance.now() + DEADLINE_SECONDS * 1000
  // What runs in the containers of a real node has neither our mark nor our network.
  const cgroups = await removeCgroups(of.name)
  let pids = processesOf(of)
  while (pids.length > 0 && performance.now() < deadline) {
    for (const pid of pids) kill(pid)
    await sleep(STEP_MS)
    pids = processesOf(of) // what was killed may just have started another
  }
  if (pids.length > 0) return pids.map(pid => `process ${pid}: ${commandLine(pid)}`)
  if (cgroups.length > 0) await removeCgroups(of.name)
  return [...mountsBelow(of.paths).flatMap(unmounted), ...of.paths.flatMap(removed)]
}

/** This process is never among them. */
function processesOf({ name, netns }: Omit<ClusterTraces, 'paths'>): number[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .map(Number)
    .filter(pid => pid !== process.pid && (isMarked(pid, name) || isIn(pid, netns)))
}

/** The namespace that a link in /proc/PID/ns leads to; undefined when the process is gone. */
export function netnsOf(pid: number | 'self'): string | undefined {
  return tried(() => readlinkSync(`/proc/${pid}/ns/net`))
}

const isIn = (pid: number, netns: string): boolean => netnsOf(pid) === netns

function isMarked(pid: number, name: string): boolean {
  const environ = tried(() => readFileSync(`/proc/${pid}/environ`, 'latin1'))
  return environ?.split('\0').includes(`${MARK}=${name}`) ?? false
}

function commandLine(pid: number): string {
  return (
    tried(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
      ?.replaceAll('\0', ' ')
      .trim() ?? 'it has ended'
  )
}

function kill(pid: number): void {
  tried(() => process.kill(pid, 'SIGKILL')) // it may have ended meanwhile
}

/** The innermost first. */
function mountsBelow(paths: readonly string[]): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap(line => line.split(' ')[4] ?? [])
    .map(point =>
      point.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
    )
    .filter(point => paths.some(path => point === path || point.startsWith(`${path}/`)))
    .reverse()
}

function unmounted(point: string): string[] {
  try {
    execFileSync('umount', [point], { stdio: 'pipe' })
    return []
  } catch (error) {
    return [`mount ${point}: ${(error as Error).message}`]
  }
}

// With a mount still in place, its files would be removed and not ours.
function removed(path: string): string[] {
  if (mountsBelow([path]).length > 0) return [`path ${path}: something is mounted below it`]
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5 })
  } catch (error) {
    return [`path ${path}: ${(error as Error).message}`]
  }
  return existsSync(path) ? [`path ${path}`] : []
}

function tried<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
