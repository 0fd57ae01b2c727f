/** Cgroups as a kubelet and its runtime make them, in the hierarchy of this machine; gone when disposed of. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findHierarchy } from '../../agent/cluster/hierarchy.ts'
import { until } from './poll.ts'

export class PodCgroups implements AsyncDisposable {
  readonly hierarchy = findHierarchy(false)
  // A cgroupRoot of its own, as a kubelet may have.
  readonly #root = `/tracejob-test-${randomBytes(4).toString('hex')}`

  constructor() {
    this.make('/kubepods/burstable')
  }

  /** Makes a container's cgroup in that of its pod, or one below it. */
  container(podUid: string, id: string, below = ''): string {
    return this.make(`/kubepods/burstable/pod${podUid}/${id}${below}`)
  }

  /** Makes a cgroup of no pod. */
  make(path: string): string {
    const cgroup = `${this.#root}${path}`
    mkdirSync(this.#directory(cgroup), { recursive: true })
    return cgroup
  }

  /** Moves a process there; what it starts is born there. */
  enter(cgroup: string, pid: number): void {
    writeFileSync(join(this.#directory(cgroup), 'cgroup.procs'), String(pid))
  }

  /** Removes it and all below it as soon as their processes have gone. */
  async remove(cgroup = this.#root): Promise<void> {
    for (const child of readdirSync(this.#directory(cgroup), { withFileTypes: true })) {
      if (child.isDirectory()) await this.remove(`${cgroup}/${child.name}`)
    }
    await until(`${cgroup} is empty`, () => isRemoved(this.#directory(cgroup)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.remove()
    this.hierarchy[Symbol.dispose]()
  }

  #directory(cgroup: string): string {
    return join(this.hierarchy.directory, cgroup)
  }
}

function isRemoved(directory: string): boolean {
  try {
    rmdirSync(directory)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false
    throw error
  }
}

export const newPodUid = randomUUID

export function newContainerId(): string {
  return randomBytes(32).toString('hex')
}
