/** One process of a cluster that can be killed, stopped and started again. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ComponentFailed, tailOf } from './failures.ts'
import type { Keeper } from './keeper.ts'

export interface ComponentSettings {
  name: string
  /** Program and arguments. */
  words: readonly string[]
  /** A file that what it says is appended to. */
  log: string
  spawn: Keeper['spawn']
}

const STEP_MS = 10

export class Component implements AsyncDisposable {
  readonly name: string
  readonly log: string
  readonly #settings: ComponentSettings
  #child: ChildProcess | undefined
  #ended: Promise<unknown> = Promise.resolve()

  constructor(settings: ComponentSettings) {
    this.#settings = settings
    this.name = settings.name
    this.log = settings.log
  }

  /** As long as it runs. */
  get pid(): number | undefined {
    return this.isRunning ? this.#child!.pid : undefined
  }

  get isRunning(): boolean {
    const child = this.#child
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null
  }

  /** Resolves when it does not run any more; at once where it does not run. */
  get ended(): Promise<unknown> {
    return this.#ended
  }

  /** With the arguments it had before. Returns at once: see TestCluster.whenReady(). Does nothing where it runs. */
  start(): void {
    if (this.isRunning) return
    const { words, log } = this.#settings
    const file = openSync(log, 'a', 0o600)
    const child = this.#settings.spawn(words[0]!, words.slice(1), { stdio: ['ignore', file, file] })
    closeSync(file)
    this.#child = child
    this.#ended = once(child, 'exit').catch(() => {}) // an error: it did not start, and so isn't running
  }

  /** Resolves when the process is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.isRunning) this.#child!.kill(signal)
    await this.#ended
  }

  /** Kills it if it runs, and starts it again. */
  async restart(): Promise<void> {
    await this.kill()
    this.start()
  }

  /** By SIGSTOP: its connections stay open, and nobody answers. Resolves when it stands still. */
  async pause(): Promise<void> {
    const pid = this.#pidToSignal()
    process.kill(pid, 'SIGSTOP')
    while (this.isRunning && !stands(pid)) await sleep(STEP_MS)
  }

  resume(): void {
    process.kill(this.#pidToSignal(), 'SIGCONT')
  }

  /** For an error's text: the end of what it wrote. */
  failed(what: string): ComponentFailed {
    return new ComponentFailed(this.name, what, tailOf(this.log))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill()
  }

  #pidToSignal(): number {
    if (this.pid === undefined) throw this.failed('is not running')
    return this.pid
  }
}

/** Each thread takes the signal for itself. */
function stands(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every(thread => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')
  })
}
