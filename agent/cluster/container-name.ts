/** The name of a container before its kubelet has told the API server: from the node itself. */
import { readFileSync } from 'node:fs'
import { readable } from '../kernel.ts'
import { bundlePaths, containerByBundle } from './bundle.ts'
import { containerByMounts } from './mounts.ts'

/** The host's files, if the agent shares its processes; else nothing is found there. */
const HOST_ROOT = '/proc/1/root'
/** Of processes in one container: any of them will do. */
const ASKED = 8

export interface ContainerNames {
  /**
   * @param path of its cgroup in the hierarchy.
   * @returns its name; null for a sandbox; undefined: not known (yet).
   */
  look(podUid: string, containerId: string, path: string): string | null | undefined
}

/** @param hierarchy the directory in which the paths of cgroups begin. */
export function namesOnNode(hierarchy: string, hostRoot = HOST_ROOT): ContainerNames {
  return {
    look(podUid, containerId, path) {
      for (const bundle of bundlePaths(containerId)) {
        const name = containerByBundle(json(`${hostRoot}${bundle}`))
        if (name !== undefined) return name
      }
      return byProcesses(podUid, `${hierarchy}${path}`)
    },
  }
}

function byProcesses(podUid: string, directory: string): string | null | undefined {
  const pids = readable(`${directory}/cgroup.procs`)?.split('\n').filter(Boolean) ?? []
  for (const pid of pids.slice(0, ASKED)) {
    const name = containerByMounts(readable(`/proc/${pid}/mountinfo`) ?? '', podUid)
    if (name !== undefined) return name
  }
  // All that runs in a sandbox; the kubelet puts no mounts of its own there.
  const isSandbox = pids.length === 1 && readable(`/proc/${pids[0]}/comm`)?.trimEnd() === 'pause'
  return isSandbox ? null : undefined
}

function json(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined // not there, or not whole yet
  }
}
