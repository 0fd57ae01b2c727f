/** What `make cluster` left running: a note that is there as long as the cluster is. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'

export interface Running {
  /** Of the process that holds the cluster. */
  pid: number
  /** Absent until the cluster is ready. */
  cluster?: {
    name: string
    kubeconfig: string
    stateDir: string
    /** A directory with kubectl and helm. */
    programs: string
    fakeNodes: number
  }
}

/** There is one for the machine, and only root may write there. */
export const NOTE = '/run/tracejob-cluster.json'

class AlreadyRunning extends Error {
  override name = 'AlreadyRunning'
}

/** Undefined where none runs. A note whose process was killed counts as none: the keeper takes away the rest. */
export function running(): Running | undefined {
  let note: Running
  try {
    note = JSON.parse(readFileSync(NOTE, 'utf8'))
  } catch {
    return undefined
  }
  return holds(note.pid) ? note : undefined
}

/** For one process at a time. @throws AlreadyRunning */
export function claim(): void {
  if (!running()) rmSync(NOTE, { force: true })
  try {
    writeFileSync(NOTE, JSON.stringify({ pid: process.pid } satisfies Running), { flag: 'wx' })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new AlreadyRunning('there is one already', { cause })
  }
}

export function tell(cluster: NonNullable<Running['cluster']>): void {
  writeFileSync(NOTE, JSON.stringify({ pid: process.pid, cluster } satisfies Running))
}

/** The number may be another's by now. */
function holds(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .some(word => word.endsWith('/hold.ts'))
  } catch {
    return false
  }
}
