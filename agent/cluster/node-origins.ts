/** Everything that tells on this node whose opens are whose, put together. */
import type { Logger } from 'pino'
import type { TraceJobSpec } from '../../crds/trace-job.ts'
import type { Client } from '../../kube/client.ts'
import type { Origins } from '../origins.ts'
import { CgroupTree } from './cgroup-tree.ts'
import { namesOnNode } from './container-name.ts'
import { findHierarchy } from './hierarchy.ts'
import { PodOrigins } from './pod-origins.ts'
import { WatchedPods } from './watched-pods.ts'

export interface NodeOriginsRequest {
  client: Pick<Client, 'list' | 'watch'>
  /** The namespace of the TraceJob. */
  namespace: string
  spec: Pick<TraceJobSpec, 'scope' | 'podSelector' | 'namespaceSelector' | 'containerNames'>
  nodeName: string
  /** Whether this process is in a pod of the node, and so has to be found in one. */
  inPod: boolean
  log: Logger
}

/**
 * Resolves when the node's pods and cgroups are known; they are followed until it is disposed of.
 * Throws TraceFailure (CgroupsMissing), or the signal's reason.
 */
export async function nodeOrigins(
  { client, namespace, spec, nodeName, inPod, log }: NodeOriginsRequest,
  signal: AbortSignal,
): Promise<Origins & AsyncDisposable> {
  await using stack = new AsyncDisposableStack()
  const hierarchy = stack.use(findHierarchy(inPod))
  const pods = new WatchedPods({
    client,
    nodeName,
    withNamespaces: spec.namespaceSelector !== undefined,
    log,
  })
  const stop = new AbortController()
  const running = pods.run(stop.signal)
  stack.defer(() => {
    stop.abort()
    return running
  })
  await Promise.race([pods.synced, aborted(signal, stop.signal)])

  const cgroups = stack.use(new CgroupTree({ hierarchy, log }))
  const names = namesOnNode(hierarchy.directory)
  const targeting = { ...spec, namespace }
  const { podsRoot } = hierarchy
  const origins = stack.use(new PodOrigins({ cgroups, pods, names, targeting, podsRoot, log }))
  const owned = stack.move()
  return {
    selective: origins.selective,
    follow: listening => origins.follow(listening),
    ask: id => origins.ask(id),
    lastChance: () => origins.lastChance(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Rejects with the reason of the signal; forgets it once `until` aborts. */
function aborted(signal: AbortSignal, until: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const refuse = () => reject(signal.reason)
    if (signal.aborted) refuse()
    signal.addEventListener('abort', refuse, { once: true, signal: until })
  })
}
