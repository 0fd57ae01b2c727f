/** Runs a file of examples/ while something does what the example looks for. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { OpenEvent } from '../../crds/event.ts'
import { Command, EXAMPLES, type Line, TRACEJOB } from './command.ts'
import { expectComplete, type Finished, readReport } from './report.ts'

export interface Shown extends Finished {
  lines: Line[]
  events: OpenEvent[]
  stdout: string
  stderr: string
}

/** What a trial has at hand. */
export interface Stage {
  /** A directory of its own. */
  directory: string
  cacheDir: string
}

/** Runs the example till `during` has seen enough, or with `till: 'deadline'` till its time is up. */
export async function shown(
  file: string,
  { directory, cacheDir }: Stage,
  { words = [], till = 'seen' }: { words?: readonly string[]; till?: 'seen' | 'deadline' },
  during: (trace: Command) => Promise<unknown>,
): Promise<Shown> {
  const report = join(directory, 'report.yaml')
  const command = [TRACEJOB, 'run', join(EXAMPLES, file), '--report', report, ...words]
  await using trace = new Command(command, { env: { TRACEJOB_CACHE_DIR: cacheDir } })
  await trace.tracing()
  await during(trace)
  const ended = till === 'seen' ? await trace.interrupt() : await trace.ended
  if (ended.code !== 0) throw new Error(`it ended with ${ended.code ?? ended.signal}:\n${trace.stderr}`)
  const finished = readReport(report)
  expectComplete(finished)
  const { stdout, stderr } = trace
  const isJson = stdout.startsWith('{')
  return {
    ...finished,
    lines: isJson ? trace.lines : [],
    events: isJson ? trace.events : [],
    stdout,
    stderr,
  }
}

/** Runs a command to its end, whatever it says or returns, and returns its pid. */
export async function ran(
  words: readonly string[],
  options: { uid?: number; gid?: number } = {},
): Promise<number> {
  const child = spawn(words[0], words.slice(1), { ...options, stdio: 'ignore' })
  await once(child, 'close')
  return child.pid!
}
