/** The states that a TraceJob goes through, each as it was written. */
import { TRACE_JOBS } from '../../crds/resources.ts'
import type { TraceJobStatus } from '../../crds/trace-job.ts'
import type { KubeObject } from '../../kube/object.ts'
import type { NodeScene } from './scene.ts'

const WATCH_SECONDS = 600

type Job = KubeObject & { status?: TraceJobStatus }

export class States implements AsyncDisposable {
  /** Without repetitions. */
  readonly seen: string[] = []
  readonly #stop = new AbortController()
  readonly #watching: Promise<void>

  private constructor(scene: NodeScene, query: { namespace: string; fieldSelector: string }, since: string) {
    this.#watching = this.#watch(scene, query, since).catch(error => {
      if (!this.#stop.signal.aborted) throw error
    })
  }

  /** To be called before there is such a TraceJob. */
  static async of(scene: NodeScene, namespace: string, name: string): Promise<States> {
    const { metadata } = await scene.client.list(TRACE_JOBS, { namespace })
    return new States(scene, { namespace, fieldSelector: `metadata.name=${name}` }, metadata.resourceVersion!)
  }

  async #watch(scene: NodeScene, query: object, resourceVersion: string): Promise<void> {
    const whole = { ...query, resourceVersion, timeoutSeconds: WATCH_SECONDS, allowWatchBookmarks: false }
    for await (const { object } of scene.client.watch<Job>(TRACE_JOBS, whole, this.#stop.signal)) {
      const state = (object as Job).status?.state
      if (state && state !== this.seen.at(-1)) this.seen.push(state)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#watching
  }
}
