/** All that is ever said of TraceJobs and their DaemonSets, held against what may never happen. */
import { isDeepStrictEqual } from 'node:util'
import { pino } from 'pino'
import { LABELS } from '../../crds/labels.ts'
import { TRACE_JOBS } from '../../crds/resources.ts'
import type { TraceJobStatus } from '../../crds/trace-job.ts'
import type { Client } from '../../kube/client.ts'
import type { KubeObject } from '../../kube/object.ts'
import { Reflector } from '../../kube/reflector.ts'
import { DAEMON_SETS } from '../../kube/resource.ts'
import type { Job } from './operator-scene.ts'

export class JobWitness implements AsyncDisposable {
  /** What may never happen and did. */
  readonly contradictions: string[] = []
  readonly #jobs: Reflector<Job>
  readonly #daemonSets: Reflector<KubeObject>
  /** By the uid of the job: those there ever were. */
  readonly #known = new Map<string, Set<string>>()
  readonly #stop = new AbortController()
  #running: Promise<unknown> = Promise.resolve()

  /** Sees what there is from then on. */
  static async of(client: Client): Promise<JobWitness> {
    const witness = new JobWitness(client)
    await witness.#run()
    return witness
  }

  private constructor(client: Client) {
    const log = pino({ level: 'silent' })
    this.#jobs = new Reflector<Job>({ client, resource: TRACE_JOBS, log })
    const ours = { resource: DAEMON_SETS, labelSelector: LABELS.jobUid }
    this.#daemonSets = new Reflector<KubeObject>({ client, ...ours, log })
    this.#jobs.on(change => change.type === 'updated' && this.#changed(change.old, change.object))
    this.#daemonSets.on(({ type, object }) => type === 'added' && this.#created(object))
  }

  job(name: string): Job | undefined {
    return this.#jobs.store.get('default', name)
  }

  /** How many DaemonSets there are. */
  get daemonSets(): number {
    return this.#daemonSets.store.size
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    this.#running = Promise.all([this.#jobs.run(this.#stop.signal), this.#daemonSets.run(this.#stop.signal)])
    await Promise.all([this.#jobs.synced, this.#daemonSets.synced])
  }

  #changed({ status: was = {} }: Job, { metadata: { name }, status: is = {} }: Job): void {
    if (was.startTime && was.startTime !== is.startTime)
      this.#contradict(`${name} began at ${was.startTime}, then at ${is.startTime}`)
    if (hasEnded(was) && !isDeepStrictEqual(was, is))
      this.#contradict(`${name} had ended: ${JSON.stringify(was)}, then ${JSON.stringify(is)}`)
  }

  #created({ metadata: { name, uid = '', labels = {} } }: KubeObject): void {
    const job = labels[LABELS.jobUid] ?? ''
    const known = this.#known.get(job) ?? new Set()
    this.#known.set(job, known.add(uid))
    if (known.size > 1) this.#contradict(`there was more than one DaemonSet ${name}`)
  }

  #contradict(what: string): void {
    this.contradictions.push(what)
  }
}

export function hasEnded({ completionTime }: TraceJobStatus): boolean {
  return completionTime !== undefined
}
