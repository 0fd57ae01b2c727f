/** Pods that are what a test says, without an API server. */
import type { Pod } from './pod.ts'
import type { Pods, PodsChange } from './pods.ts'
import type { Labels } from './selector.ts'

export function aPod(given: Partial<Pod> & { uid: string }): Pod {
  return { namespace: 'shop', name: `pod-${given.uid}`, labels: {}, containers: new Map(), ...given }
}

export class FakePods implements Pods {
  readonly #pods = new Map<string, Pod>()
  readonly #namespaces = new Map<string, Labels>()
  readonly #listeners = new Set<(change: PodsChange) => void>()

  /** Adds the pod, or replaces it. */
  put(...pods: Pod[]): void {
    for (const pod of pods) {
      const podUid = pod.staticHash ?? pod.uid
      this.#pods.set(podUid, pod)
      this.#tell({ podUid })
    }
  }

  delete(podUid: string): void {
    this.#pods.delete(podUid)
    this.#tell({ podUid })
  }

  label(namespace: string, labels: Labels): void {
    this.#namespaces.set(namespace, labels)
    this.#tell({ namespace })
  }

  byCgroup(podUid: string): Pod | undefined {
    return this.#pods.get(podUid)
  }

  namespaceLabels(namespace: string): Labels | undefined {
    return this.#namespaces.get(namespace)
  }

  onChange(call: (change: PodsChange) => void): Disposable {
    this.#listeners.add(call)
    return { [Symbol.dispose]: () => void this.#listeners.delete(call) }
  }

  #tell(change: PodsChange): void {
    for (const listener of this.#listeners) listener(change)
  }
}
