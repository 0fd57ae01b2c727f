/** The operator as it really runs: a process of its own, told all it knows by its environment. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FaultProxy } from '../faults/proxy.ts'
import { Command, ROOT } from '../kernel/command.ts'

export const OWN_NAMESPACE = 'tracejob-system'
const ENTRY = join(ROOT, 'operator', 'main.ts')

export interface OperatorOptions {
  kubeconfig: string
  /** A name for its pod, and so for the holder of the Lease. */
  pod?: string
  env?: NodeJS.ProcessEnv
}

type LogLine = { msg: string; level: number; [field: string]: unknown }

/** Killed with the test. */
export class Operator extends Command {
  constructor({ kubeconfig, pod = 'operator-0', env = {} }: OperatorOptions) {
    super([process.execPath, ENTRY], {
      env: {
        KUBECONFIG: kubeconfig,
        TRACEJOB_NAMESPACE: OWN_NAMESPACE,
        TRACEJOB_POD_NAME: pod,
        TRACEJOB_AGENT: JSON.stringify({ image: 'registry.invalid/agent:0', serviceAccountName: 'agent' }),
        TRACEJOB_HEALTH_PORT: '0',
        TRACEJOB_METRICS_PORT: '0',
        TRACEJOB_MAX_RUNNING_JOBS: '100',
        ...env,
      },
    })
  }

  get log(): LogLine[] {
    return this.stderr
      .slice(0, this.stderr.lastIndexOf('\n') + 1)
      .split('\n')
      .filter(line => line.startsWith('{'))
      .map(line => JSON.parse(line))
  }

  /** Waits until it has said that. */
  logged(msg: string): Promise<LogLine> {
    return this.until(`the log says "${msg}"`, () => this.log.find(line => line.msg === msg))
  }

  /** Waits until it is ready. */
  async ready(): Promise<this> {
    await this.until('it is ready', async () => (await this.health('/readyz')).status === 200)
    return this
  }

  /** Waits until it acts on the cluster. */
  async leading(): Promise<this> {
    await this.ready()
    await this.until('it leads', async () => (await this.metric('tracejob_operator_leader')) === 1)
    return this
  }

  async health(path: '/healthz' | '/readyz'): Promise<{ status: number; text: string }> {
    const { healthPort } = await this.logged('started')
    const response = await fetch(`http://127.0.0.1:${healthPort}${path}`)
    return { status: response.status, text: await response.text() }
  }

  async metrics(): Promise<string> {
    const { metricsPort } = await this.logged('started')
    return (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
  }

  /** The sum over all series of that name; 0 if there is none. */
  async metric(name: string): Promise<number> {
    const series = (await this.metrics()).split('\n').filter(line => line.split(/[{ ]/)[0] === name)
    return series.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
  }
}

/** A kubeconfig that leads through a proxy, written to that path. */
export async function kubeconfigThrough(proxy: FaultProxy, path: string): Promise<string> {
  const cluster = {
    server: proxy.server,
    'certificate-authority-data': Buffer.from(proxy.ca).toString('base64'),
  }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'proxy', cluster }],
    users: [{ name: 'anybody', user: {} }],
    contexts: [{ name: 'proxy', context: { cluster: 'proxy', user: 'anybody' } }],
    'current-context': 'proxy',
  }
  await writeFile(path, JSON.stringify(config))
  return path
}
