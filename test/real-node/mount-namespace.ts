/** A mount namespace for a node: what is mounted there is shared between its containers, and nothing of it with the machine. */
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'

type Spawn = (command: string, args: readonly string[], options?: SpawnOptions) => ChildProcess

/** Where kubelet, containerd and the CNI plugins write although nobody tells them to. */
const OURS = ['/run/netns', '/var/lib/cni', '/var/log', '/var/lib/kubelet']
const SCRIPT = `set -e
mount --make-rshared /
for folder in ${OURS.join(' ')}; do mkdir -p $folder; mount -t tmpfs none $folder; done
mount --make-rshared /
echo ready
exec sleep infinity`
const STEP_MS = 20
/** Far more than killed processes take to end. */
const DEADLINE_SECONDS = 60

export class MountNamespace implements AsyncDisposable {
  readonly #holder: ChildProcess
  readonly #spawn: Spawn
  readonly #path: string
  readonly #link: string

  private constructor(holder: ChildProcess, spawn: Spawn) {
    this.#holder = holder
    this.#spawn = spawn
    this.#path = `/proc/${holder.pid}/ns/mnt`
    this.#link = readlinkSync(this.#path)
  }

  /** @param spawn starts a program where the namespace is to be. */
  static async open(spawn: Spawn): Promise<MountNamespace> {
    const holder = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', SCRIPT], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [ready] = await Promise.race([once(holder.stdout!, 'data'), once(holder, 'exit')])
    if (String(ready).trim() !== 'ready') throw new Error('no mount namespace could be made')
    return new MountNamespace(holder, spawn)
  }

  readonly spawn = (command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess => {
    // runc and nft are there, and sudo may have left the path of somebody who is not root.
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin` }
    return this.#spawn('nsenter', [`--mount=${this.#path}`, command, ...args], { env, ...options })
  }

  async run(
    command: string,
    args: readonly string[],
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const child = this.spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      once(child, 'close'),
    ])
    return { code, stdout, stderr }
  }

  /** Ends every process in it, such as the shims that containerd leaves behind; then it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    const deadline = performance.now() + DEADLINE_SECONDS * 1000
    for (;;) {
      const pids = this.#processes()
      if (pids.length === 0) break
      if (performance.now() > deadline) throw new Error(`processes ${pids.join(', ')} can not be ended`)
      for (const pid of pids) kill(pid)
      await sleep(STEP_MS)
    }
    if (this.#holder.exitCode === null && this.#holder.signalCode === null) await once(this.#holder, 'exit')
  }

  #processes(): number[] {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .map(Number)
      .filter(pid => {
        try {
          return readlinkSync(`/proc/${pid}/ns/mnt`) === this.#link
        } catch {
          return false
        }
      })
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended meanwhile
  }
}
