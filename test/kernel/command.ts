/** `tracejob` as people run it, seen from outside. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { type OpenEvent, openEventSchema } from '../../crds/event.ts'
import { commandLine, processesWith } from './kernel-objects.ts'
import { until } from './poll.ts'

export const ROOT = join(import.meta.dirname, '..', '..')
export const TRACEJOB = join(ROOT, 'cli', 'tracejob')
export const EXAMPLES = join(ROOT, 'examples')

// On a terminal both come by one way.
const SAID_TRACING = /^(tracing: |\{"kind":"tracing")/m

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

/** A JSON line of standard output. */
export type Line = { kind: string; [field: string]: unknown }

export interface Surroundings {
  env?: NodeJS.ProcessEnv
  cwd?: string
  /** Standard input; empty if absent, and left open if null. */
  input?: string | null
}

/** A command that is running; killed if it still does when disposed of. */
export class Command implements AsyncDisposable {
  readonly ended: Promise<Ended>
  readonly #child: ChildProcessWithoutNullStreams
  // Inherited by everything it starts, so that a child that outlives it is found.
  readonly #mark = `TRACEJOB_TEST=${randomUUID()}`
  #hasEnded = false
  #stdout = ''
  #stderr = ''

  constructor(words: readonly string[], { env = {}, cwd = ROOT, input = '' }: Surroundings = {}) {
    const mark = { TRACEJOB_TEST: this.#mark.split('=')[1] }
    this.#child = spawn(words[0], words.slice(1), { cwd, env: { ...process.env, ...env, ...mark } })
    this.#child.stdin.on('error', () => {}) // it may end without having read
    if (input !== null) this.#child.stdin.end(input)
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
    })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
    })
    this.ended = once(this.#child, 'close').then(([code, signal]) => {
      this.#hasEnded = true
      return { code, signal }
    })
  }

  get pid(): number {
    return this.#child.pid!
  }

  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  /** The JSON lines that are whole so far. */
  get lines(): Line[] {
    return this.#stdout
      .slice(0, this.#stdout.lastIndexOf('\n') + 1)
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line))
  }

  /** The opens among them, each held against the contract. */
  get events(): OpenEvent[] {
    return this.lines.filter(({ kind }) => kind === 'open').map(line => openEventSchema.parse(line))
  }

  closeInput(): void {
    this.#child.stdin.end()
  }

  /** Waits for something to happen while it runs. Throws when it ends without, with what it said. */
  until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
    return until(what, async () => {
      const had = this.#hasEnded // before looking: what it said last counts
      const seen = await look()
      if (!seen && had) throw new Error(`it ended without this: ${what}\n${this.#stderr}`)
      return seen
    })
  }

  /** Waits until the probes are attached. */
  tracing(): Promise<unknown> {
    const said = () => SAID_TRACING.test(this.#stderr) || SAID_TRACING.test(this.#stdout)
    return this.until('the probes are attached', said)
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Ends it as Ctrl-C does, and returns how it ended. */
  interrupt(): Promise<Ended> {
    this.signal('SIGINT')
    return this.ended
  }

  /** It and all it started that still run. */
  processes(): number[] {
    return processesWith(this.#mark)
  }

  /** The pid of the tracer itself, among the shells and others that stand around it. */
  async tracer(): Promise<number> {
    const isTracer = (pid: number) => commandLine(pid).includes('/cli/main.ts\0')
    return this.until('the tracer runs', () => this.processes().find(isTracer))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasEnded) this.signal('SIGKILL')
    for (const pid of this.processes()) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended meanwhile.
      }
    }
    await this.ended
  }
}
