/** A real node for a test cluster: containerd, kubelet and kube-proxy of this machine, in the cluster's network namespace. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { programs } from '../cluster/binary/programs.ts'
import { Component } from '../cluster/component.ts'
import { ProgramFailed } from '../cluster/failures.ts'
import { clientKubeconfig, serverCertificate } from '../cluster/pki.ts'
import { certificateOf, keyOf, kubeconfigOf, logOf, NODE_ADDRESS, type Places } from '../cluster/places.ts'
import type { TestCluster } from '../cluster/test-cluster.ts'
import { makeCgroups, removeCgroups } from './cgroups.ts'
import { MountNamespace } from './mount-namespace.ts'
import {
  cniConfig,
  containerdConfig,
  kubeletConfig,
  type NodePlaces,
  proxyConfig,
  socketOf,
} from './settings.ts'

export interface NodeOptions {
  name?: string
  /** Archives of images, as `buildah push … oci-archive:` or docker-archive: writes them. */
  images: readonly string[]
}

const READY_SECONDS = 120
const STEP_MS = 100

export class RealNode implements AsyncDisposable {
  readonly name: string
  readonly containerd: Component
  readonly kubelet: Component
  readonly proxy: Component
  readonly #at: NodePlaces
  readonly #mounts: MountNamespace
  readonly #cluster: TestCluster

  constructor(
    cluster: TestCluster,
    at: NodePlaces,
    mounts: MountNamespace,
    program: (name: string) => string,
  ) {
    this.#cluster = cluster
    this.#at = at
    this.#mounts = mounts
    this.name = at.name
    const dir = at.stateDir
    const component = (name: string, words: readonly string[]) =>
      new Component({ name, words, log: logOf({ stateDir: dir, port: 0 }, name), spawn: mounts.spawn })
    this.containerd = component('containerd', ['containerd', '-c', `${dir}/containerd.toml`])
    this.kubelet = component('kubelet', [
      program('kubelet'),
      `--config=${dir}/kubelet.json`,
      `--kubeconfig=${at.kubeconfig(`kubelet-${at.name}`)}`,
      `--hostname-override=${at.name}`,
      `--node-ip=${NODE_ADDRESS}`,
      `--root-dir=${dir}/kubelet`,
      `--cert-dir=${dir}/kubelet-pki`,
    ])
    this.proxy = component('kube-proxy', [program('kube-proxy'), `--config=${dir}/kube-proxy.json`])
  }

  async start(images: readonly string[]): Promise<void> {
    this.containerd.start()
    await this.#until(this.containerd, () => existsSync(socketOf(this.#at)))
    this.kubelet.start()
    this.proxy.start()
    await Promise.all([
      ...images.map(archive => this.ctr('images', 'import', archive)),
      this.#until(this.kubelet, () => this.#isReady()),
    ])
  }

  async #isReady(): Promise<boolean> {
    const ready = '{.status.conditions[?(@.type=="Ready")].status}'
    const { stdout } = await this.#cluster.kubectl(['get', 'node', this.name, '-o', `jsonpath=${ready}`])
    return stdout === 'True'
  }

  /** containerd's own command, in the namespace of kubelet's containers. @throws ProgramFailed */
  async ctr(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.#mounts.run('ctr', [
      '-a',
      socketOf(this.#at),
      '-n',
      'k8s.io',
      ...words,
    ])
    if (code !== 0) throw new ProgramFailed(`ctr ${words.join(' ')}`, stderr)
    return stdout
  }

  async #until(component: Component, look: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = performance.now() + READY_SECONDS * 1000
    while (!(await look())) {
      if (!component.isRunning) throw component.failed('is not running')
      if (performance.now() > deadline) throw component.failed('did not get ready')
      await sleep(STEP_MS)
    }
  }

  /** Ends kubelet first, so that it starts nothing again; then every container, then what ran them. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.kubelet.kill(), this.proxy.kill()])
    await removeCgroups(this.#at.clusterName, { keepDirectories: true })
    await this.containerd.kill('SIGTERM')
    await this.#mounts[Symbol.asyncDispose]()
    await removeCgroups(this.#at.clusterName)
  }
}

/** Resolves when the node is Ready. Needs what `scripts/setup.sh test` installs. One real node for each cluster. */
export async function startNode(
  cluster: TestCluster,
  { name = 'node-1', images }: NodeOptions,
): Promise<RealNode> {
  const places: Places = { stateDir: cluster.stateDir, port: Number(new URL(cluster.server).port) }
  const at: NodePlaces = {
    name,
    stateDir: cluster.stateDir,
    clusterName: cluster.name,
    kubeconfig: user => kubeconfigOf(places, user),
    certificate: of => certificateOf(places, of),
    key: of => keyOf(places, of),
  }
  for (const folder of ['containerd', 'cni', 'kubelet', 'pod-logs']) await mkdir(`${at.stateDir}/${folder}`)
  await serverCertificate(places, `kubelet-${name}`, `/O=system:nodes/CN=system:node:${name}`, [
    `DNS:${name}`,
    `IP:${NODE_ADDRESS}`,
  ])
  await clientKubeconfig(places, `kubelet-client-${name}`, `system:node:${name}`, ['system:nodes'])
  await clientKubeconfig(places, `kube-proxy-${name}`, 'system:kube-proxy')
  const texts: [string, string][] = [
    ['containerd.toml', containerdConfig(at)],
    ['cni/10-bridge.conflist', cniConfig(at)],
    ['kubelet.json', kubeletConfig(at)],
    ['kube-proxy.json', proxyConfig(at)],
    [`kubeconfig/kubelet-${name}`, readFileSync(at.kubeconfig(`kubelet-client-${name}`), 'utf8')],
  ]
  for (const [file, text] of texts) await writeFile(`${at.stateDir}/${file}`, text, { mode: 0o600 })
  makeCgroups(at.clusterName)
  const mounts = await MountNamespace.open(cluster.spawnIn.bind(cluster))
  const node = new RealNode(cluster, at, mounts, await programs())
  try {
    await node.start(images)
  } catch (error) {
    await node[Symbol.asyncDispose]()
    throw error
  }
  return node
}
