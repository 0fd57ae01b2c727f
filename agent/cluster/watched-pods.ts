/** The pods of this node, followed by a watch on them and on no others. */
import type { Logger } from 'pino'
import type { Client } from '../../kube/client.ts'
import type { KubeObject } from '../../kube/object.ts'
import { Reflector } from '../../kube/reflector.ts'
import { NAMESPACES, PODS } from '../../kube/resource.ts'
import { keptPod, type Pod, type PodObject } from './pod.ts'
import type { Pods, PodsChange } from './pods.ts'
import type { Labels } from './selector.ts'

/** Pods that are gone and still remembered: their last opens may be on their way, their last processes alive. */
const REMEMBERED = 256

export interface WatchedPodsOptions {
  client: Pick<Client, 'list' | 'watch'>
  nodeName: string
  /** Only the pods of this namespace, where no others can be wanted; their uids tell others from the host's all the same. */
  withNamespaces: boolean
  log: Logger
}

export class WatchedPods implements Pods {
  readonly #pods: Reflector<PodObject>
  readonly #namespaces: Reflector<KubeObject> | undefined
  readonly #gone = new Map<string, Pod>()

  constructor({ client, nodeName, withNamespaces, log }: WatchedPodsOptions) {
    const keep = (object: PodObject) => keptPod(object, nodeName)
    const fieldSelector = `spec.nodeName=${nodeName}`
    this.#pods = new Reflector({ client, resource: PODS, fieldSelector, keep, listsFromCache: true, log })
    this.#pods.store.addIndex('uid', ({ pod }) => pod?.uid)
    this.#pods.store.addIndex('staticHash', ({ pod }) => pod?.staticHash)
    this.#pods.on(({ type, object }) => {
      if (type === 'deleted' && object.pod) this.#remember(object.pod)
    })
    this.#namespaces = withNamespaces
      ? new Reflector({ client, resource: NAMESPACES, keep: keptNamespace, listsFromCache: true, log })
      : undefined
  }

  /** Follows until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#pods.run(signal), this.#namespaces?.run(signal)])
  }

  /** Resolves when all pods that there are are known. */
  get synced(): Promise<unknown> {
    return Promise.all([this.#pods.synced, this.#namespaces?.synced])
  }

  byCgroup(podUid: string): Pod | undefined {
    const { store } = this.#pods
    const [byUid] = store.byIndex('uid', podUid)
    if (byUid?.pod) return byUid.pod
    // Two that claim one hash: the kubelet will delete the one that is no mirror. Until then nobody can tell.
    const [mirror, ...others] = store.byIndex('staticHash', podUid)
    if (mirror?.pod) return others.length === 0 ? mirror.pod : undefined
    return this.#gone.get(podUid)
  }

  namespaceLabels(namespace: string): Labels | undefined {
    const object = this.#namespaces?.store.get(undefined, namespace)
    return object && (object.metadata.labels ?? {})
  }

  onChange(call: (change: PodsChange) => void): Disposable {
    const stack = new DisposableStack()
    stack.use(
      this.#pods.on(({ object: { pod } }) => {
        for (const podUid of [pod?.uid, pod?.staticHash]) if (podUid) call({ podUid })
      }),
    )
    const namespaces = this.#namespaces?.on(({ object }) => call({ namespace: object.metadata.name }))
    if (namespaces) stack.use(namespaces)
    return stack
  }

  /** By its uid alone: whoever once looked like a mirror is not believed for longer than it is there. */
  #remember(pod: Pod): void {
    this.#gone.set(pod.uid, pod)
    for (const oldest of this.#gone.keys()) {
      if (this.#gone.size <= REMEMBERED) break
      this.#gone.delete(oldest)
    }
  }
}

function keptNamespace({ metadata }: KubeObject): KubeObject {
  const { name, uid, resourceVersion, labels } = metadata
  return { metadata: { name, uid, resourceVersion, labels } as KubeObject['metadata'] }
}
