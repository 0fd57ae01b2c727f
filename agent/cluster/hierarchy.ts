/** The v2 hierarchy of cgroups, as far as it is this node's. */
import { closeSync, constants, openSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { TraceFailure } from '../failure.ts'
import { readable } from '../kernel.ts'
import { cgroupDirectory } from '../native/cgroup.ts'
import { podCgroup, podsRoot } from './cgroup-path.ts'

/** The id of the root of every hierarchy. */
const ROOT_ID = 1n
/** Where the host has it, should our own mounts not show it whole: all of v2, or v2 beside v1. */
const OF_THE_HOST = ['/proc/1/root/sys/fs/cgroup', '/proc/1/root/sys/fs/cgroup/unified']
const DELETED = / \(deleted\)$/

/** Elsewhere: on the machine below this node, as with kind, where nodes are containers. Gone: or never there. */
export type Whereabouts = { path: string } | 'elsewhere' | 'gone'

export class Hierarchy implements Disposable {
  /** The directory in which the node's cgroups begin; paths count from there. */
  readonly directory: string
  /** Where the cgroups of its pods begin (see podsRoot), as far as our own tells; undefined: we are in none. */
  readonly podsRoot: string | undefined
  readonly #mount: number
  /** The same as the kernel names it. */
  readonly #prefix: string
  readonly #isWhole: boolean

  /** @param ownPath of the cgroup of the pod we are in. */
  constructor(directory: string, ownPath?: string) {
    this.directory = directory
    this.podsRoot = ownPath === undefined ? undefined : podsRoot(ownPath)
    this.#isWhole = idOf(directory) === ROOT_ID
    this.#mount = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY)
    this.#prefix = readlinkSync(`/proc/self/fd/${this.#mount}`)
  }

  /** The id of the cgroup at that path; undefined if there is none. */
  id(path: string): bigint | undefined {
    return idOf(join(this.directory, path))
  }

  /** Throws CallFailed where this kernel, or the lack of a capability, does not let us ask. */
  find(id: bigint): Whereabouts {
    const directory = cgroupDirectory(this.#mount, id)?.replace(DELETED, '')
    if (directory === undefined) return 'gone'
    if (directory === this.#prefix) return { path: '/' }
    if (directory.startsWith(`${this.#prefix}/`)) return { path: directory.slice(this.#prefix.length) }
    return this.#isWhole ? 'gone' : 'elsewhere'
  }

  /** The names of the cgroups in the one at that path; none if it is gone. */
  children(path: string): string[] {
    return childrenOf(join(this.directory, path))
  }

  [Symbol.dispose](): void {
    closeSync(this.#mount)
  }
}

/**
 * @param inPod this process is in a pod of this node, and so has to be found in it.
 * @throws TraceFailure CgroupsMissing
 */
export function findHierarchy(inPod: boolean, candidates = mountedHierarchies()): Hierarchy {
  const there = candidates.filter(directory => idOf(directory) !== undefined)
  // The whole one first. A part of it is the node's only where the node is a container itself.
  const ordered = [
    ...there.filter(directory => idOf(directory) === ROOT_ID),
    ...there.filter(directory => inPod && idOf(directory) !== ROOT_ID),
  ]
  for (const directory of ordered) {
    if (!inPod) return new Hierarchy(directory)
    const path = ownPod(directory)
    if (path !== undefined) return new Hierarchy(directory, path)
  }
  if (there.length === 0) {
    throw new TraceFailure(
      'CgroupsMissing',
      'there is no v2 cgroup hierarchy here, so no open can be told to a pod',
      'Boot the node with cgroup v2, or with v2 beside v1 (systemd.unified_cgroup_hierarchy).',
    )
  }
  throw new TraceFailure(
    'CgroupsMissing',
    "the v2 cgroup hierarchy seen here is not the node's, or the node's pods are not in it",
    "Mount the node's /sys/fs/cgroup into the agent, or share the node's process ids with it (hostPID).",
  )
}

function mountedHierarchies(): string[] {
  const lines = readable('/proc/self/mountinfo')?.split('\n') ?? []
  const mounted = lines.filter(line => / - cgroup2 /.test(line)).map(line => unescaped(line.split(' ')[4]!))
  return [...mounted, ...OF_THE_HOST]
}

/** As the kernel writes spaces and the like. */
function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))
}

/** The path of the pod's cgroup below the directory that this process is in. */
function ownPod(directory: string, path = ''): string | undefined {
  const isHere = () => readable(`${directory}${path}/cgroup.procs`)?.split('\n').includes(String(process.pid))
  if (podCgroup(path) && isHere()) return path
  for (const name of childrenOf(`${directory}${path}`)) {
    const found = ownPod(directory, `${path}/${name}`)
    if (found !== undefined) return found
  }
  return undefined
}

function idOf(directory: string): bigint | undefined {
  try {
    return statSync(directory, { bigint: true }).ino
  } catch {
    return undefined // not there, or not for us
  }
}

function childrenOf(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true })
    return entries.filter(entry => entry.isDirectory()).map(({ name }) => name)
  } catch {
    return [] // gone meanwhile
  }
}
