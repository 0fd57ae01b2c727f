/** The chart on a real control plane: releases, and who comes with which credentials. */

import { pino } from 'pino'
import { Client } from '../../kube/client.ts'
import { fromKubeconfig } from '../../kube/kubeconfig.ts'
import { type Place, pathOf, type Resource } from '../../kube/resource.ts'
import { helm } from '../chart/helm.ts'
import { type Release, wordsOf } from '../chart/render.ts'
import { type ClusterOptions, startCluster, type TestCluster } from '../cluster/cluster.ts'
import { ProgramFailed } from '../cluster/failures.ts'
import type { Ended } from '../cluster/kubectl.ts'

/** A pod by which a token is bound to its node. */
export interface BoundTo {
  pod: string
}

export class ChartScene implements AsyncDisposable {
  readonly cluster: TestCluster

  private constructor(cluster: TestCluster) {
    this.cluster = cluster
  }

  static async open(options?: ClusterOptions): Promise<ChartScene> {
    return new ChartScene(await startCluster(options))
  }

  /** Never rejects for what Helm says. */
  helm(...args: readonly string[]): Promise<Ended> {
    return helm(args, this.cluster.kubeconfig)
  }

  /** @throws ProgramFailed */
  async install(release: Release = {}, ...words: readonly string[]): Promise<string> {
    return this.#succeeded(
      'helm install',
      this.helm('install', ...wordsOf(release), '--create-namespace', ...words),
    )
  }

  /** @throws ProgramFailed */
  async upgrade(release: Release = {}, ...words: readonly string[]): Promise<string> {
    return this.#succeeded('helm upgrade', this.helm('upgrade', ...wordsOf(release), ...words))
  }

  /** @throws ProgramFailed */
  async uninstall({ name = 'tracejob', namespace = 'tracejob' }: Release = {}): Promise<string> {
    return this.#succeeded('helm uninstall', this.helm('uninstall', name, '--namespace', namespace, '--wait'))
  }

  /** As the administrator; what it says on stdout. @throws ProgramFailed */
  kubectl(...args: readonly string[]): Promise<string> {
    return this.#succeeded(`kubectl ${args.join(' ')}`, this.cluster.kubectl(args))
  }

  /** The object as the API server has it. @throws ProgramFailed */
  async get<T>(...words: readonly string[]): Promise<T> {
    return JSON.parse(await this.kubectl('get', ...words, '-o', 'json'))
  }

  async namespaces(...names: readonly string[]): Promise<void> {
    const objects = names.map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }))
    await this.cluster.apply(...objects)
  }

  /** Somebody with a certificate; what they may do is up to bindings. */
  async user(user: string, groups: readonly string[] = []): Promise<Person> {
    return new Person(this.cluster, await this.cluster.kubeconfigFor({ user, groups }))
  }

  /** A service account, with a token of an hour. */
  async account(namespace: string, name: string, bound?: BoundTo): Promise<Person> {
    const token = await this.token(namespace, name, bound)
    return new Person(this.cluster, await this.cluster.kubeconfigFor({ token }))
  }

  async token(namespace: string, name: string, bound?: BoundTo): Promise<string> {
    const to = bound ? ['--bound-object-kind=Pod', `--bound-object-name=${bound.pod}`] : []
    return this.kubectl('create', 'token', name, '-n', namespace, '--duration=1h', ...to)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.cluster[Symbol.asyncDispose]()
  }

  async #succeeded(what: string, running: Promise<Ended>): Promise<string> {
    const { code, stdout, stderr } = await running
    if (code !== 0) throw new ProgramFailed(what, stderr)
    return stdout
  }
}

/** Somebody with credentials of their own, and kubectl. */
export class Person {
  readonly kubeconfig: string
  readonly #cluster: TestCluster

  constructor(cluster: TestCluster, kubeconfig: string) {
    this.#cluster = cluster
    this.kubeconfig = kubeconfig
  }

  kubectl(args: readonly string[], stdin?: object): Promise<Ended> {
    const words = ['--kubeconfig', this.kubeconfig, ...args]
    return this.#cluster.kubectl(words, stdin && { stdin: JSON.stringify(stdin) })
  }

  /** A JSON merge patch and nothing else: kubectl reads first what it patches. Resolves to what the API server says. */
  async patch(resource: Resource, place: Place, patch: object): Promise<{ status: number; message: string }> {
    const log = pino({ level: 'silent' })
    await using client = new Client(fromKubeconfig({ path: this.kubeconfig }), { userAgent: 'test', log })
    const contentType = 'application/merge-patch+json'
    const { status, text } = await client.raw('PATCH', pathOf(resource, place), patch, { contentType })
    return { status, message: JSON.parse(text).message ?? '' }
  }

  create(object: object): Promise<Ended> {
    return this.kubectl(['create', '-f', '-'], object)
  }

  /** Whether the authorizer says yes, whatever the admission policies would say. */
  async may(...words: readonly string[]): Promise<boolean> {
    return (await this.kubectl(['auth', 'can-i', ...words])).stdout.trim() === 'yes'
  }
}
