/** A running cluster, as tests have it in hand. */
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from './api.ts'
import type { Component } from './component.ts'
import { ProgramFailed } from './failures.ts'
import { createFakeNodes, type FakeNodeOptions, fakeAddress, untilSchedulable } from './fake-nodes.ts'
import type { Keeper } from './keeper.ts'
import { type Ended, runKubectl } from './kubectl.ts'
import { clientKubeconfig, writeKubeconfig } from './pki.ts'
import { type ComponentName, kubeconfigOf, type Places, serverOf } from './places.ts'

interface Parts {
  at: Places
  keeper: Keeper
  api: Api
  components: Record<ComponentName, Component>
  kwok: Component
  /** The program's path. */
  kubectl: string
}

/** How a kubeconfig says who somebody is: by a token, or by a certificate that is made for that user. */
export type Identity = { token: string } | { user: string; groups?: readonly string[] }

/** Far more than anything takes, also on a busy machine. */
const READY_SECONDS = 180
const STEP_MS = 50

export class TestCluster implements AsyncDisposable {
  /** One of its own. */
  readonly name: string
  /** For `nsenter --net=`. */
  readonly netns: string
  /** Logs are in its `log`. */
  readonly stateDir: string
  /** Of the administrator; it works on the machine and in the network namespace. */
  readonly kubeconfig: string
  readonly server: string
  readonly components: Readonly<Record<ComponentName, Component>>
  readonly #parts: Parts
  /** The prefix of each fake node there has been. */
  readonly #fakes: string[] = []
  #identities = 0
  #owned = new AsyncDisposableStack()

  constructor(parts: Parts) {
    this.#parts = parts
    this.name = parts.keeper.name
    this.netns = parts.keeper.netnsPath
    this.stateDir = parts.at.stateDir
    this.kubeconfig = kubeconfigOf(parts.at, 'admin')
    this.server = serverOf(parts.at)
    this.components = parts.components
  }

  /** Takes over what is to be disposed of with it. */
  adopt(owned: AsyncDisposableStack): void {
    this.#owned = owned
  }

  /**
   * Resolves when the API server is ready and, where the controller manager runs, that one has done its first work.
   * @throws ComponentFailed when one of them ends, or does not run, or takes for ever
   */
  async whenReady(seconds: number = READY_SECONDS): Promise<void> {
    const { api, components } = this.#parts
    const deadline = performance.now() + seconds * 1000
    await this.#until(components['kube-apiserver'], () => api.affirms('/readyz'), deadline)
    if (components['kube-controller-manager'].isRunning) {
      const account = '/api/v1/namespaces/default/serviceaccounts/default'
      await this.#until(components['kube-controller-manager'], () => api.affirms(account), deadline)
    }
  }

  async #until(component: Component, look: () => Promise<boolean>, deadline: number): Promise<void> {
    const needed = [this.components.etcd, component]
    const ended = Promise.race(needed.map(each => each.ended))
    for (;;) {
      for (const each of needed) if (!each.isRunning) throw each.failed('is not running')
      if ((await Promise.race([look(), ended])) === true) return
      if (performance.now() > deadline) throw component.failed('did not get ready')
      await sleep(STEP_MS)
    }
  }

  /** As the administrator. Never rejects for what kubectl says: that is in `code` and `stderr`. */
  kubectl(args: readonly string[], options: { stdin?: string } = {}): Promise<Ended> {
    const cacheDir = `${this.stateDir}/kubectl-cache`
    return runKubectl({ program: this.#parts.kubectl, kubeconfig: this.kubeconfig, cacheDir }, args, options)
  }

  /** `kubectl apply --server-side`; the objects are of any kinds. @throws ProgramFailed with what kubectl said */
  async apply(...objects: readonly object[]): Promise<void> {
    const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects })
    const { code, stderr } = await this.kubectl(['apply', '--server-side', '-f', '-'], { stdin })
    if (code !== 0) throw new ProgramFailed('kubectl apply', stderr)
  }

  /** Writes a kubeconfig for somebody and returns its path. */
  kubeconfigFor(identity: Identity): Promise<string> {
    const { at } = this.#parts
    const name = `identity-${++this.#identities}`
    if ('token' in identity) return writeKubeconfig(at, name, { token: identity.token })
    return clientKubeconfig(at, name, identity.user, identity.groups)
  }

  /**
   * Adds nodes that are objects only, whose pods get ready at once, and returns their names; where the controller
   * manager runs, pods can be bound to them by then. @throws ProgramFailed, ComponentFailed
   */
  async fakeNodes(count: number, options: FakeNodeOptions = {}): Promise<string[]> {
    const { api, kwok, components } = this.#parts
    const { prefix = 'fake' } = options
    const addresses = new Map<string, string>()
    for (let i = 0; i < count; i++) {
      const name = `${prefix}-${this.#fakes.filter(each => each === prefix).length + 1}`
      addresses.set(name, fakeAddress(this.#fakes.push(prefix)))
    }
    kwok.start()
    await createFakeNodes(api, addresses, options)
    if (components['kube-controller-manager'].isRunning) await untilSchedulable(api, addresses.keys())
    if (!kwok.isRunning) throw kwok.failed('is not running')
    return [...addresses.keys()]
  }

  /** Starts a program in the cluster's network namespace; killed with this process, and with the cluster. */
  spawnIn(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
    return this.#parts.keeper.spawn(command, args, options)
  }

  /** Kills all that runs in it and removes all it wrote. @throws ClusterLeftBehind when that does not work */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync()
  }
}
