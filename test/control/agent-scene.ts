/** Agents as real processes before a real API server, where the tests stand in for the operator. */
import { spawn } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LABELS } from '../../crds/labels.ts'
import { reportName } from '../../crds/report-name.ts'
import type { TraceReport, TraceReportStatus } from '../../crds/trace-report.ts'
import { startCluster, type TestCluster } from '../cluster/cluster.ts'
import { Command, ROOT } from '../kernel/command.ts'
import { until } from '../kernel/poll.ts'
import { AGENT_OBJECTS, NAMESPACE, SERVICE_ACCOUNT } from './agent-rbac.ts'

export const NODE = 'node-1'
const API_VERSION = 'tracejob.dev/v1alpha1'
const ENTRY = join(ROOT, 'agent', 'cluster', 'main.ts')

export interface Job {
  metadata: { name: string; namespace: string; uid: string }
  spec: object
}

/** As the API server has it. */
export type Report = TraceReport & { metadata: { resourceVersion: string; uid: string } }

export class Scene implements AsyncDisposable {
  readonly cluster: TestCluster
  /** What `uid` opens below it is what the jobs ask for. */
  readonly opened: string
  /** Nobody else's on this machine: relative names and missing files of others can't always be told from ours. */
  readonly uid = randomInt(300_000, 4_000_000)
  readonly root: string
  readonly #stack: AsyncDisposableStack

  private constructor(cluster: TestCluster, root: string, stack: AsyncDisposableStack) {
    this.cluster = cluster
    this.root = root
    this.opened = join(root, 'opened')
    this.#stack = stack
  }

  static async open(): Promise<Scene> {
    await using stack = new AsyncDisposableStack()
    const root = await realpath(await mkdtemp(join(tmpdir(), 'tracejob-agent-')))
    stack.defer(() => rm(root, { recursive: true }))
    await chmod(root, 0o755)
    await mkdir(join(root, 'opened'))
    const cluster = stack.use(await startCluster({ without: ['kube-scheduler'] }))
    for (const crd of ['tracejobs', 'tracereports']) {
      const path = join(ROOT, 'crds', `${crd}.yaml`)
      await succeeded(cluster.kubectl(['apply', '--server-side', '-f', path]))
      await succeeded(cluster.kubectl(['wait', '--for=condition=Established', '-f', path]))
    }
    await cluster.apply(...AGENT_OBJECTS)
    const scene = new Scene(cluster, root, stack.move())
    await scene.newToken()
    const { clusters } = JSON.parse(await readFile(cluster.kubeconfig, 'utf8'))
    const ca = Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64')
    await writeFile(join(root, 'ca.crt'), ca)
    return scene
  }

  get tokenFile(): string {
    return join(this.root, 'token')
  }

  /** As the kubelet does before the old one ends. */
  async newToken(): Promise<void> {
    const { stdout } = await succeeded(
      this.cluster.kubectl(['create', 'token', SERVICE_ACCOUNT, '-n', NAMESPACE, '--duration=1h']),
    )
    await writeFile(this.tokenFile, stdout)
  }

  /** A TraceJob about the opens below `opened`, in the API server. */
  async job(name: string, spec: object = {}): Promise<Job> {
    const whole = { scope: 'Cluster', filter: { pathPrefixes: [this.opened], uids: [this.uid] }, ...spec }
    const job = {
      apiVersion: API_VERSION,
      kind: 'TraceJob',
      metadata: { name, namespace: 'default' },
      spec: whole,
    }
    await this.cluster.apply(job)
    const { stdout } = await succeeded(this.cluster.kubectl(['get', 'tj', name, '-o', 'json']))
    const { metadata, spec: defaulted } = JSON.parse(stdout)
    return { metadata: { name, namespace: 'default', uid: metadata.uid }, spec: defaulted }
  }

  /** As the operator makes it. */
  async report({ metadata }: Job, spec: object = {}): Promise<void> {
    const { name, namespace, uid } = metadata
    const owner = { apiVersion: API_VERSION, kind: 'TraceJob', name, uid, controller: true }
    const report = {
      apiVersion: API_VERSION,
      kind: 'TraceReport',
      metadata: {
        name: reportName(name, NODE),
        namespace,
        labels: { [LABELS.job]: name, [LABELS.jobNamespace]: namespace, [LABELS.jobUid]: uid },
        ownerReferences: [{ ...owner, blockOwnerDeletion: false }],
      },
      spec: { nodeName: NODE, reportIntervalSeconds: 1, ...spec },
    }
    await succeeded(this.cluster.kubectl(['create', '-f', '-'], { stdin: JSON.stringify(report) }))
  }

  /** Asks something else of the node. */
  async adjust({ metadata }: Job, spec: object): Promise<void> {
    const name = reportName(metadata.name, NODE)
    await succeeded(
      this.cluster.kubectl(['patch', 'tr', name, '--type=merge', '-p', JSON.stringify({ spec })]),
    )
  }

  async deleteReport({ metadata }: Job): Promise<void> {
    await succeeded(this.cluster.kubectl(['delete', 'tr', reportName(metadata.name, NODE)]))
  }

  /** undefined: there is none, or no answer. */
  async seen({ metadata }: Job): Promise<Report | undefined> {
    const { code, stdout } = await this.cluster.kubectl([
      'get',
      'tr',
      reportName(metadata.name, NODE),
      '-o',
      'json',
      '--request-timeout=5s',
    ])
    return code === 0 ? JSON.parse(stdout) : undefined
  }

  /** Waits until the report says that, and returns its status. */
  async said(
    job: Job,
    what: string,
    look: (status: TraceReportStatus) => unknown,
  ): Promise<TraceReportStatus> {
    let last: TraceReportStatus | undefined
    try {
      return await until(what, async () => {
        last = (await this.seen(job))?.status
        return last && look(last) ? last : undefined
      })
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${JSON.stringify(last, null, 1)}`)
    }
  }

  /** An agent of the job, on this machine as its node. */
  agent({ metadata, spec }: Job, env: NodeJS.ProcessEnv = {}, words: readonly string[] = []): Agent {
    const handed = { apiVersion: API_VERSION, kind: 'TraceJob', metadata, spec }
    return new Agent(
      [...words, process.execPath, '--disable-warning=ExperimentalWarning', '--max-semi-space-size=1', ENTRY],
      {
        env: {
          TRACEJOB: JSON.stringify(handed),
          TRACEJOB_NODE_NAME: NODE,
          TRACEJOB_POD_NAME: 'agent-x',
          TRACEJOB_POD_UID: randomBytes(8).toString('hex'),
          TRACEJOB_API_SERVER: this.cluster.server,
          TRACEJOB_TOKEN_FILE: this.tokenFile,
          TRACEJOB_CA_FILE: join(this.root, 'ca.crt'),
          TRACEJOB_CACHE_DIR: join(this.root, 'cache'),
          TRACEJOB_HEALTH_PORT: '0',
          TRACEJOB_LOG_LEVEL: 'debug',
          MALLOC_ARENA_MAX: '1',
          NODE_COMPILE_CACHE: join(this.root, 'cache', 'node'),
          ...env,
        },
      },
    )
  }

  /** Opens files that the jobs ask for, which need not exist. */
  async open(...names: readonly string[]): Promise<void> {
    const paths = names.map(name => join(this.opened, name))
    await once(spawn('cat', paths, { uid: this.uid, stdio: 'ignore' }), 'close')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }
}

/** The agent's process; killed with the test. */
export class Agent extends Command {
  /** What it says of itself in its log. */
  get log(): { msg: string; level: number; [field: string]: unknown }[] {
    return this.stderr
      .slice(0, this.stderr.lastIndexOf('\n') + 1)
      .split('\n')
      .filter(line => line.startsWith('{'))
      .map(line => JSON.parse(line))
  }

  /** Waits until it says that of itself. */
  logged(msg: string): Promise<Record<string, unknown>> {
    return this.until(`the log says "${msg}"`, () => this.log.find(line => line.msg === msg))
  }

  /** The status code that the kubelet would get. */
  async probed(path: string): Promise<number> {
    const { healthPort } = await this.logged('the agent waits for its report')
    return (await fetch(`http://127.0.0.1:${healthPort}${path}`)).status
  }
}

async function succeeded<T extends { code: number | null; stderr: string }>(ended: Promise<T>): Promise<T> {
  const outcome = await ended
  if (outcome.code !== 0) throw new Error(`kubectl: ${outcome.stderr}`)
  return outcome
}
