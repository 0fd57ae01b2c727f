/** One of several operators: it has a way to the API server and a name there of its own, and a clock that may be wrong. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isWrite } from '../faults/api-request.ts'
import { type FaultProxy, type Seen, startFaultProxy } from '../faults/proxy.ts'
import { placeOf } from '../faults/upstream.ts'
import { until } from '../kernel/poll.ts'
import { kubeconfigThrough, Operator } from './operator-process.ts'
import type { OperatorScene } from './operator-scene.ts'

const WRONG_CLOCK = pathToFileURL(join(import.meta.dirname, 'wrong-clock.ts')).href

export class Replica implements AsyncDisposable {
  /** At the API server, and of its pod. */
  readonly user: string
  readonly proxy: FaultProxy
  readonly operator: Operator

  private constructor(user: string, proxy: FaultProxy, operator: Operator) {
    this.user = user
    this.proxy = proxy
    this.operator = operator
  }

  static async start(
    { cluster }: OperatorScene,
    user: string,
    wrongClockMs: number,
    more: NodeJS.ProcessEnv = {},
  ): Promise<Replica> {
    const own = await cluster.kubeconfigFor({ user, groups: ['system:masters'] })
    const proxy = await startFaultProxy(placeOf(own))
    const kubeconfig = await kubeconfigThrough(proxy, join(cluster.stateDir, `through-proxy-${user}`))
    const env = { NODE_OPTIONS: `--import=${WRONG_CLOCK}`, WRONG_CLOCK_MS: String(wrongClockMs), ...more }
    return new Replica(user, proxy, new Operator({ kubeconfig, pod: user, env }))
  }

  /** Its first act after that time that the API server let it do, of those that only a leader does. */
  async actsAfter(sinceMs: number): Promise<Seen> {
    return this.operator.until(`${this.user} acts`, () =>
      this.proxy.requests.find(seen => seen.atMs > sinceMs && isAct(seen)),
    )
  }

  /** Waits until it knows who has the Lease. */
  async stands(): Promise<this> {
    await this.operator.ready()
    const follows = () =>
      this.proxy.requests.some(
        ({ verb, resource, status }) => verb === 'watch' && resource === 'leases' && status === 200,
      )
    await until(`${this.user} stands by`, follows)
    return this
  }

  /** Returns the time before it. */
  signal(signal: NodeJS.Signals): number {
    const atMs = performance.now()
    this.operator.signal(signal)
    return atMs
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.operator[Symbol.asyncDispose]()
    await this.proxy[Symbol.asyncDispose]()
  }
}

function isAct(seen: Seen): boolean {
  const { status = 0, resource } = seen
  return isWrite(seen) && resource !== 'leases' && status >= 200 && status < 300
}
