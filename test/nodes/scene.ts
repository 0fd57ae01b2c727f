/** A cluster with one real node and our images on it: Helm, kubectl, pods that open files, and TraceJobs about them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { Client } from '../../kube/client.ts'
import { fromKubeconfig } from '../../kube/kubeconfig.ts'
import type { Release } from '../chart/render.ts'
import type { TestCluster } from '../cluster/cluster.ts'
import { ChartScene } from '../control/chart-scene.ts'
import { buildImages, type Images } from '../images/images.ts'
import { tinyImages } from '../images/tiny.ts'
import { until } from '../kernel/poll.ts'
import { type RealNode, startNode } from '../real-node/node.ts'
import { aPod, type Container, type PodOptions } from './pods.ts'
import { Remains } from './remains.ts'
import { valuesFor } from './values.ts'

/** What our pods take to be ready, many times over. */
const WAIT = ['--wait', '--timeout', '5m']
const STATE_EVENTS = 40

interface Parts {
  chart: ChartScene
  node: RealNode
  images: Images
  client: Client
}

export class NodeScene implements AsyncDisposable {
  /** Helm, kubectl and people. */
  readonly chart: ChartScene
  readonly cluster: TestCluster
  readonly node: RealNode
  readonly images: Images
  /** As the administrator, to look at something again and again. */
  readonly client: Client
  readonly #gates: string
  readonly #owned: AsyncDisposable

  private constructor({ chart, node, images, client }: Parts, owned: AsyncDisposable) {
    this.chart = chart
    this.cluster = chart.cluster
    this.node = node
    this.images = images
    this.client = client
    this.#gates = gatesOf(chart.cluster)
    this.#owned = owned
  }

  /** Nothing is installed yet. When it is disposed of, it throws if anything is left on the machine. */
  static async open(): Promise<NodeScene> {
    const [images, tiny] = [await buildImages(), await tinyImages()]
    await using stack = new AsyncDisposableStack()
    const remains = stack.use(new Remains())
    const chart = stack.use(await ChartScene.open())
    remains.follow(chart.cluster)
    await mkdir(gatesOf(chart.cluster))
    const archives = [...tiny, images.archive.operator, images.archive.agent]
    const node = stack.use(await startNode(chart.cluster, { images: archives }))
    const credentials = fromKubeconfig({ path: chart.cluster.kubeconfig })
    const log = pino({ level: 'silent' })
    const client = stack.use(new Client(credentials, { userAgent: 'test', log }))
    return new NodeScene({ chart, node, images, client }, stack.move())
  }

  /** With our images; resolves when the operator is ready, to what Helm says. @throws ProgramFailed */
  install(release: Release = {}): Promise<string> {
    return this.chart.install(this.#ours(release), ...WAIT)
  }

  /** @throws ProgramFailed */
  upgrade(release: Release = {}): Promise<string> {
    return this.chart.upgrade(this.#ours(release), ...WAIT)
  }

  /** What the release sets itself comes last and counts. */
  #ours({ set = [], ...release }: Release): Release {
    return { ...release, set: [...valuesFor(this.images), ...set] }
  }

  /** As the administrator; what it says on stdout. @throws ProgramFailed */
  kubectl(...args: readonly string[]): Promise<string> {
    return this.chart.kubectl(...args)
  }

  async applyPod(name: string, app: Container, options: PodOptions): Promise<void> {
    const gates = { name: 'gates', hostPath: { path: this.#gates, type: 'Directory' } }
    await this.cluster.apply(aPod(gates, name, app, options))
  }

  podPhase(name: string, namespace: string): Promise<string> {
    return this.kubectl('get', 'pod', name, '-n', namespace, '-o', 'jsonpath={.status.phase}')
  }

  async podRuns(name: string, namespace: string): Promise<void> {
    await until(`${name} runs`, async () => (await this.podPhase(name, namespace)) === 'Running')
  }

  /** Lets the pods go on that wait until there is `/gates/NAME`. To look whether it is there is no open. */
  async openGate(name: string): Promise<void> {
    await writeFile(join(this.#gates, name), '')
  }

  /** For the text of an error: what there is, and what was said of it last. */
  async state(): Promise<string> {
    const look = async (...words: string[]) => (await this.cluster.kubectl(words)).stdout
    const objects = await look('get', 'pods,ds,tj,tr', '-A', '-o', 'wide')
    const events = await look('get', 'events', '-A', '--sort-by=.lastTimestamp')
    return [objects, ...events.split('\n').slice(-STATE_EVENTS)].join('\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned[Symbol.asyncDispose]()
  }
}

const gatesOf = ({ stateDir }: TestCluster): string => join(stateDir, 'gates')
