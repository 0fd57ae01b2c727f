/** What a cluster with a real node leaves on this machine: asked of the kernel and of the places that its programs write to. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestCluster } from '../cluster/cluster.ts'
import { type Footprint, inodeOf, leftOf } from '../control/machine.ts'
import { KernelObjects } from '../kernel/kernel-objects.ts'
import { processesIn } from './processes.ts'

/** Where kubelet, containerd, runc and the CNI plugins write, whoever tells them to write elsewhere. */
const PLACES = [
  ...['/run/containerd', '/run/netns', '/run/runc', '/run/containers', '/run/tracejob-buildah'],
  ...['/var/lib/cni', '/var/lib/containerd', '/var/lib/containers', '/var/lib/kubelet'],
  ...['/var/log/pods', '/var/log/containers', '/etc/cni/net.d', '/opt/cni', '/usr/libexec/kubernetes'],
]
const CGROUPS = '/sys/fs/cgroup'

class LeftBehind extends Error {
  override name = 'LeftBehind'
}

export class Remains implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tracejob-remains-'))
  readonly #kernel = new KernelObjects(this.#folder)
  readonly #objects = this.#kernel.all()
  readonly #entries = entries()
  #cluster: Footprint | undefined

  follow({ name, stateDir, netns, server }: TestCluster): void {
    this.#cluster = { name, stateDir, netns: inodeOf(netns), port: Number(new URL(server).port) }
  }

  /** To be disposed of when all is taken down. @throws LeftBehind */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      const left = await this.left()
      if (left.length > 0) throw new LeftBehind(`there is still\n${left.join('\n')}`)
      await this.#kernel.noOrphans(this.#objects)
    } finally {
      rmSync(this.#folder, { recursive: true })
    }
  }

  /** Sentences and paths; none when nothing is left. */
  async left(): Promise<string[]> {
    const fresh = [...entries()].filter(path => !this.#entries.has(path))
    if (!this.#cluster) return fresh
    const { name } = this.#cluster
    return [
      ...fresh,
      ...(await leftOf(this.#cluster)),
      ...processesIn(name).map(pid => `process ${pid} in a cgroup of ${name}`),
      ...cgroupsOf(name),
    ]
  }
}

function entries(): Set<string> {
  const there = PLACES.filter(place => existsSync(place))
  return new Set(there.flatMap(place => [place, ...listed(place).map(name => join(place, name))]))
}

/** At the root of each hierarchy, and where there is v2 alone at its own. */
function cgroupsOf(name: string): string[] {
  const roots = [CGROUPS, ...listed(CGROUPS).map(each => join(CGROUPS, each))]
  return roots.flatMap(root => (listed(root).includes(name) ? [join(root, name)] : []))
}

function listed(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return [] // not there, or no directory
  }
}
