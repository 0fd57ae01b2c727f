/** A trace on a node of made-up pods in real cgroups. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { CgroupTree } from '../../agent/cluster/cgroup-tree.ts'
import type { ContainerNames } from '../../agent/cluster/container-name.ts'
import type { Pod } from '../../agent/cluster/pod.ts'
import { PodOrigins } from '../../agent/cluster/pod-origins.ts'
import { aPod, FakePods } from '../../agent/cluster/pods.fake.ts'
import { type RunningTrace, startTrace } from '../../agent/trace.ts'
import type { OpenEvent } from '../../crds/event.ts'
import { filterSchema } from '../../crds/filter.ts'
import { type Ledger, ledgerCloses } from '../../crds/ledger.ts'
import { type TraceJobSpec, traceJobSchema } from '../../crds/trace-job.ts'
import { type TraceReportStatus, traceReportSchema } from '../../crds/trace-report.ts'
import { buildOpener } from '../opener/build.ts'
import { isBurst } from '../opener/made.ts'
import { type Opener, startOpener } from '../opener/start.ts'
import { type Ground, ground } from './ground.ts'
import { newContainerId, newPodUid, PodCgroups } from './pod-cgroups.ts'

export interface Container {
  pod: Pod
  id: string
  cgroup: string
}

export interface TracedPods {
  events: OpenEvent[]
  ledger: Ledger
  report: TraceReportStatus
}

const NOBODY_SAYS: ContainerNames = { look: () => undefined }

export class TestNode implements AsyncDisposable {
  readonly pods = new FakePods()
  readonly #ground: Ground
  readonly #cgroups = new PodCgroups()
  readonly #opener: string

  static async start(): Promise<TestNode> {
    const [on, opener] = await Promise.all([ground(), buildOpener()])
    return new TestNode(on, opener)
  }

  private constructor(on: Ground, opener: string) {
    this.#ground = on
    this.#opener = opener
  }

  /** A container of a pod: an own one that the API server knows, unless told otherwise. */
  container(given: Partial<Pod> & { name: string; container?: string; isKnown?: boolean }): Container {
    const { container = 'app', isKnown = true, ...rest } = given
    const uid = rest.uid ?? newPodUid()
    const id = newContainerId()
    const pod = aPod({ ...rest, uid, containers: new Map([...(rest.containers ?? []), [id, container]]) })
    if (isKnown) this.pods.put(pod)
    return { pod, id, cgroup: this.#cgroups.container(pod.staticHash ?? uid, id) }
  }

  /** The same container's cgroup once more, with another below it. */
  nested({ pod, id }: Container, below: string): string {
    return this.#cgroups.container(pod.uid, id, below)
  }

  hostCgroup(name: string): string {
    return this.#cgroups.make(`/${name}`)
  }

  path(name: string): string {
    return join(this.#ground.root, name)
  }

  /** An opener that waits, in no cgroup of ours yet, to make `count` opens of `path`. */
  opener(path: string, count = 1): Promise<Opener> {
    return startOpener(this.#opener, ['burst', String(count), '1', path, '--missing'], 'opener')
  }

  enter(cgroup: string, opener: Opener): void {
    this.#cgroups.enter(cgroup, opener.pid)
  }

  /** Makes those opens in that cgroup; resolves, when the process has ended, with how many there were. */
  async open(cgroup: string, path: string, count = 1): Promise<number> {
    await using opener = await this.opener(path, count)
    this.enter(cgroup, opener)
    return await counted(opener)
  }

  remove(cgroup: string): Promise<void> {
    return this.#cgroups.remove(cgroup)
  }

  /** Traces pods of namespace `shop` while `during` runs, and checks what must hold of every trace. */
  async trace(
    spec: Partial<TraceJobSpec>,
    during: (running: RunningTrace) => Promise<void>,
    names = NOBODY_SAYS,
  ): Promise<TracedPods> {
    using stack = new DisposableStack()
    const log = pino({ level: 'silent' })
    const job = traceJobSchema.parse({
      apiVersion: 'tracejob.dev/v1alpha1',
      kind: 'TraceJob',
      metadata: { name: 'pods', namespace: 'shop' },
      spec: { attachMode: 'Tracepoint', output: { maxEventsPerSecond: 100_000_000 }, ...spec },
    })
    const cgroups = stack.use(new CgroupTree({ hierarchy: this.#cgroups.hierarchy, log }))
    const targeting = { ...job.spec, namespace: 'shop' }
    const origins = stack.use(new PodOrigins({ cgroups, pods: this.pods, names, targeting, log }))
    const chunks: Buffer[] = []
    const write = (chunk: Uint8Array) => void chunks.push(Buffer.from(chunk))
    const { cacheDir } = this.#ground
    const running = await startTrace({ job, nodeName: 'here', format: 'JSON', write, log, cacheDir, origins })
    try {
      await during(running)
    } finally {
      running.stop('Deadline')
    }
    const report = await running.finished
    return sound(Buffer.concat(chunks).toString('utf8'), report)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cgroups[Symbol.asyncDispose]()
    await rm(this.#ground.root, { recursive: true })
  }
}

/** Of each open its file and whose it was. */
export const whose = (events: readonly OpenEvent[]) =>
  events.map(({ path, namespace, pod, container }) => [path?.split('/').at(-1), namespace, pod, container])

/** A filter by which of the host's processes only ours are seen. */
export const OPENER = filterSchema.parse({ commands: ['opener'] })

export async function counted(opener: Opener): Promise<number> {
  const lines = await opener.go()
  return lines.filter(isBurst).reduce((sum, { n }) => sum + n, 0)
}

function sound(text: string, report: TraceReportStatus): TracedPods {
  traceReportSchema.shape.status.parse(report)
  const lines = text.split('\n').filter(Boolean)
  const events: OpenEvent[] = lines.map(line => JSON.parse(line)).filter(({ kind }) => kind === 'open')
  const ledger = report.ledger!
  if (!ledgerCloses(ledger)) throw new Error(`the ledger does not close: ${JSON.stringify(ledger)}`)
  if (events.length !== ledger.logged) throw new Error(`${events.length} lines, ${ledger.logged} logged`)
  return { events, ledger, report }
}
