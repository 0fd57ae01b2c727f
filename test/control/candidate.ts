/** A process that wants to lead (elector-process.ts), with a way to the API server of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FaultProxy, startFaultProxy } from '../faults/proxy.ts'
import { placeOf } from '../faults/upstream.ts'
import { until } from '../kernel/poll.ts'
import { type Tenure, tenures } from './acts.ts'
import type { Role } from './elector-process.ts'

const PROGRAM = join(import.meta.dirname, 'elector-process.ts')

export interface CandidateOptions extends Pick<Role, 'identity' | 'name' | 'journal'> {
  kubeconfig: string
  clockOffsetMs?: number
}

export class Candidate implements AsyncDisposable {
  readonly identity: string
  readonly proxy: FaultProxy
  readonly ended: Promise<unknown>
  readonly #journal: string
  readonly #child: ChildProcess
  #said = ''

  static async start(options: CandidateOptions): Promise<Candidate> {
    return new Candidate(await startFaultProxy(placeOf(options.kubeconfig)), options)
  }

  private constructor(proxy: FaultProxy, { identity, name, journal, clockOffsetMs = 0 }: CandidateOptions) {
    const role: Role = { server: proxy.server, ca: proxy.ca, identity, name, clockOffsetMs, journal }
    this.identity = identity
    this.proxy = proxy
    this.#journal = journal
    this.#child = spawn(process.execPath, [PROGRAM], {
      env: { ...process.env, ROLE: JSON.stringify(role) },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child.stderr!.setEncoding('utf8').on('data', text => (this.#said += text))
    this.ended = once(this.#child, 'close')
  }

  /** Returns the time before it, in nanoseconds of CLOCK_MONOTONIC. */
  signal(signal: NodeJS.Signals): bigint {
    const atNs = process.hrtime.bigint()
    this.#child.kill(signal)
    return atNs
  }

  get tenures(): Tenure[] {
    return tenures(readFileSync(this.#journal, 'utf8')).filter(({ identity }) => identity === this.identity)
  }

  /** Waits until it has acted after that time; returns when it first did in the term. */
  async actsAfter(sinceNs: bigint): Promise<bigint> {
    const what = `${this.identity} acts\n${this.#said}`
    const tenure = await until(what, () => this.tenures.find(({ lastNs }) => lastNs > sinceNs))
    return tenure.firstNs
  }

  /** Waits until it has tried for the Lease, whoever has it. */
  async isCandidate(): Promise<void> {
    const asked = () => this.proxy.requests.some(({ resource, status }) => resource === 'leases' && status)
    await until(`${this.identity} asks for the Lease`, asked)
  }

  /** Waits until it watches the Lease, as only those do who have seen that it is another's. */
  async follows(): Promise<void> {
    const watches = () =>
      this.proxy.requests.some(
        ({ verb, resource, status }) => verb === 'watch' && resource === 'leases' && status === 200,
      )
    await until(`${this.identity} follows`, watches)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL') // it may be stopped
    await this.ended
    await this.proxy[Symbol.asyncDispose]()
  }
}
