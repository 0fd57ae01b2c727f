/** The owner's side of the keeper: a network namespace and a state directory, removed with all that is in them. */
import {
  type ChildProcess,
  type ChildProcessWithoutNullStreams,
  type SpawnOptions,
  spawn,
} from 'node:child_process'
import { once } from 'node:events'
import { basename, join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { ClusterLeftBehind, KeeperFailed } from './failures.ts'
import type { KeeperDone, KeeperReady } from './keeper-process.ts'
import { MARK, removeTraces } from './remains.ts'

export class Keeper implements AsyncDisposable {
  /** Of the cluster; also the value of MARK. */
  readonly name: string
  readonly stateDir: string
  /** For `nsenter --net=`. */
  readonly netnsPath: string
  readonly #traces: Parameters<typeof removeTraces>[0]
  readonly #said: AsyncIterator<string>
  readonly #child: ChildProcessWithoutNullStreams

  private constructor(
    child: ChildProcessWithoutNullStreams,
    said: AsyncIterator<string>,
    { stateDir, netns }: KeeperReady,
    alsoRemoves: readonly string[],
  ) {
    this.#child = child
    this.#said = said
    this.name = basename(stateDir)
    this.stateDir = stateDir
    this.netnsPath = `/proc/${child.pid}/ns/net`
    this.#traces = { name: this.name, netns, paths: [stateDir, ...alsoRemoves] }
  }

  /** @param alsoRemoves absolute paths. @throws KeeperFailed, such as for one who is not root */
  static async start(alsoRemoves: readonly string[] = []): Promise<Keeper> {
    const program = join(import.meta.dirname, 'keeper-process.ts')
    const { [MARK]: _, ...env } = process.env
    // In a session of its own: what a terminal sends to all that runs in it is for the owner alone.
    const child = spawn('unshare', ['--net', process.execPath, program, ...alsoRemoves], {
      env,
      detached: true,
    })
    const failure = text(child.stderr)
    child.stdin.on('error', () => {}) // it was killed; that is seen below
    const lines: Interface = createInterface(child.stdout)
    const said = lines[Symbol.asyncIterator]()
    const failed = once(child, 'error').then(([error]) =>
      Promise.reject(new KeeperFailed('did not start', String(error))),
    )
    const first = await Promise.race([said.next(), failed])
    if (first.done) throw new KeeperFailed('did not start', await failure)
    return new Keeper(child, said, JSON.parse(first.value), alsoRemoves)
  }

  /** Starts a program in the network namespace; killed with this process, and with the cluster. */
  readonly spawn = (command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess => {
    // nsenter, not `ip netns exec`, which would mount another /sys: bpffs, cgroups and tracefs are wanted.
    const words = [`--net=${this.netnsPath}`, 'setpriv', '--pdeathsig', 'KILL', command, ...args]
    const env = { ...(options.env ?? process.env), [MARK]: this.name }
    return spawn('nsenter', words, { ...options, env })
  }

  /** Ends all that runs in the cluster and removes it. @throws ClusterLeftBehind */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end()
    const last = await this.#said.next()
    const { remains }: KeeperDone = last.done
      ? { remains: await removeTraces(this.#traces) } // somebody killed the keeper
      : JSON.parse(last.value)
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit')
    if (remains.length > 0) throw new ClusterLeftBehind(this.name, remains)
  }
}
