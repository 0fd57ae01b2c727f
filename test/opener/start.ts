import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { OpenerLine } from './made.ts'

/** The opener said no, or died; `stderr` has its words. */
export class OpenerError extends Error {
  override name = 'OpenerError'
  readonly stderr: string
  constructor(args: readonly string[], ended: string, stderr: string) {
    super(`opener ${args.join(' ').slice(0, 200)} ended with ${ended}: ${stderr.trim()}`)
    this.stderr = stderr
  }
}

/** An opener that has been started and waits for the word to go. */
export interface Opener extends AsyncDisposable {
  readonly pid: number
  /** Lets it make its opens; resolves with what it printed once it has ended. */
  go(): Promise<OpenerLine[]>
}

/**
 * Starts `opener ARGS` under the name `comm` (at most 15 bytes), up to the point where it would open its first file.
 * Started before a trace and let go inside it, its fork and exec are not in the trace.
 */
export async function startOpener(program: string, args: readonly string[], comm: string): Promise<Opener> {
  const child = spawn(program, ['--comm', comm, '--wait', ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  const lines = collect(child)
  const pid = await Promise.race([lines.waiting, lines.ended.then(() => Promise.reject(lines.failure(args)))])
  return {
    pid,
    async go() {
      child.stdin.end('g')
      await lines.ended
      if (child.exitCode !== 0) throw lines.failure(args)
      return lines.parsed
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await lines.ended
    },
  }
}

function collect(child: ChildProcessByStdio<Writable, Readable, Readable>) {
  const parsed: OpenerLine[] = []
  const waiting = Promise.withResolvers<number>()
  let stderr = ''
  createInterface(child.stdout).on('line', line => {
    const value = JSON.parse(line)
    if ('waiting' in value) waiting.resolve(value.waiting)
    else parsed.push(value)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  // An opener that is killed while it waits breaks the pipe; its end is told by `ended`.
  child.stdin.on('error', () => {})
  const ended = once(child, 'close').then(() => {})
  const failure = (args: readonly string[]) =>
    new OpenerError(args, child.signalCode ?? `exit code ${child.exitCode}`, stderr)
  return { parsed, waiting: waiting.promise, ended, failure }
}
