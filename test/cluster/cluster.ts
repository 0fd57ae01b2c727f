/** A real control plane in a network namespace of its own, for tests and for people (`make cluster`). */
import { mkdir } from 'node:fs/promises'
import { Api } from './api.ts'
import { argumentsOf } from './arguments.ts'
import { programs } from './binary/programs.ts'
import { Component } from './component.ts'
import { kwokArguments } from './fake-nodes.ts'
import { Keeper } from './keeper.ts'
import { makePki } from './pki.ts'
import { COMPONENTS, type ComponentName, kubeconfigOf, logOf, type Places } from './places.ts'
import { openRelay } from './relay.ts'
import { TestCluster } from './test-cluster.ts'

export type { TestCluster } from './test-cluster.ts'

export interface ClusterOptions {
  /** More flags, such as `{ 'kube-apiserver': ['--v=4'] }`; they come after those that are there anyway. */
  flags?: Partial<Record<ComponentName, readonly string[]>>
  /** Not started; `components` has them all the same, and they can be started later. */
  without?: readonly ('kube-controller-manager' | 'kube-scheduler')[]
  /** Absolute paths that are removed with the cluster, besides its own. */
  alsoRemoves?: readonly string[]
}

/**
 * Starts etcd, the API server, the controller manager and the scheduler, and resolves when they work. The programs are
 * built first where they are not there yet. Needs root. All it started and wrote goes with it, also when this process
 * is killed. @throws KeeperFailed, ProgramFailed, ComponentFailed
 */
export async function startCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  const program = await programs()
  await using stack = new AsyncDisposableStack()
  const keeper = stack.use(await Keeper.start(options.alsoRemoves))
  const relay = stack.use(await openRelay(keeper.spawn))
  const at: Places = { stateDir: keeper.stateDir, port: relay.port }
  await makePki(at)
  await mkdir(`${at.stateDir}/log`, { mode: 0o700 })
  const api = stack.use(new Api(at))

  const component = (name: string, args: readonly string[]) =>
    stack.use(
      new Component({ name, words: [program(name), ...args], log: logOf(at, name), spawn: keeper.spawn }),
    )
  const components = Object.fromEntries(
    COMPONENTS.map(name => [name, component(name, argumentsOf(name, at, options.flags?.[name]))]),
  ) as Record<ComponentName, Component>
  const kwok = component('kwok', kwokArguments(kubeconfigOf(at, 'admin')))
  const cluster = new TestCluster({ at, keeper, api, components, kwok, kubectl: program('kubectl') })

  components.etcd.start()
  components['kube-apiserver'].start()
  await cluster.whenReady()
  // Only now: both give up after a few seconds without an API server.
  for (const name of ['kube-controller-manager', 'kube-scheduler'] as const)
    if (!options.without?.includes(name)) components[name].start()
  await cluster.whenReady()
  cluster.adopt(stack.move())
  return cluster
}
