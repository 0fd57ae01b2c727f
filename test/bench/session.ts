/** One run of one reader: from its start until its output has been counted. */
import { closeSync, openSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseAllDocuments } from 'yaml'
import { type Child, startChild } from './child.ts'
import { countOutput, type Output } from './output.ts'
import type { Reader } from './peers.ts'
import { cpuNanoseconds, heldObjects } from './proc.ts'

const START_OPEN_EVERY_MS = 4
const ATTACHED_AFTER_MS = 500
const START_LIMIT_MS = 60_000
const REST_MS = 200
const REST_LIMIT_MS = 30_000

/** The reader could not be measured; the message ends with its own last words. */
export class ReaderError extends Error {
  override name = 'ReaderError'
}

export interface Session extends AsyncDisposable {
  readonly pid: number
  /** Resolves when the reader has worked off what it has: hardly any CPU in 200 ms. */
  rest(): Promise<void>
  /** Ends the reader and counts the lines with each of the paths. Throws ReaderError. */
  finish(paths: readonly string[]): Promise<Output>
}

/** Starts the reader and resolves when it is attached. Throws ReaderError, or the signal's reason. */
export async function openSession(reader: Reader, workDir: string, signal: AbortSignal): Promise<Session> {
  const files = { stdout: join(workDir, 'stdout'), stderr: join(workDir, 'stderr') }
  const [stdout, stderr] = Object.values(files).map(file => openSync(file, 'w'))
  // A terminal's settings must not choose the format or its colours.
  const env = { ...process.env, ...reader.env, NO_COLOR: '1' }
  const startPrefix = join(workDir, 'start-')
  let child: Child
  const startedAt = performance.now()
  try {
    child = await startChild(reader.command, { stdio: ['ignore', stdout!, stderr!], env })
  } finally {
    closeSync(stdout!)
    closeSync(stderr!)
  }
  const session: Session = {
    pid: child.pid,
    rest: () => rest(child, signal),
    async finish(paths) {
      const ended = await child.stop()
      if (ended) throw await failure(reader, ended, files.stderr)
      const output = await countOutput(files.stdout, files.stderr, paths, startPrefix)
      if (reader.report) output.saidLost = lostByLedger(await readFile(reader.report, 'utf8'))
      if (output.firstStart === null) throw await failure(reader, 'no event', files.stderr)
      return output
    },
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]()
      for (const file of Object.values(files)) await rm(file, { force: true })
    },
  }
  try {
    await attached(child, startPrefix, startedAt, signal)
    return session
  } catch (error) {
    await child.stop()
    signal.throwIfAborted()
    throw await failure(reader, (error as Error).message, files.stderr)
  }
}

/**
 * No two readers say in the same way that they are attached, and some not before their buffer is full. So files that
 * are not there are asked for, each named for the milliseconds since the start: the first that turns up in the output
 * tells when the reader was attached. It is taken to be, and the asking ends, when its BPF programs are loaded and
 * its descriptors have not changed for a while.
 */
async function attached(child: Child, startPrefix: string, startedAt: number, signal: AbortSignal) {
  let held = ''
  let since = 0
  for (let elapsed = 0; elapsed < START_LIMIT_MS; elapsed = performance.now() - startedAt) {
    const ended = child.ended()
    if (ended) throw new ReaderError(ended)
    await openMissing(startPrefix + elapsed.toFixed(1))
    const holds = heldObjects(child.pid)
    if (holds !== held) [held, since] = [holds, elapsed]
    if (held && elapsed - since > ATTACHED_AFTER_MS) return
    await sleep(START_OPEN_EVERY_MS, undefined, { signal })
  }
  throw new ReaderError(`not attached after ${START_LIMIT_MS / 1000} s`)
}

async function openMissing(path: string): Promise<void> {
  try {
    closeSync(openSync(path, 'r'))
  } catch {
    // That it is missing is the point.
  }
}

async function rest(child: Child, signal: AbortSignal): Promise<void> {
  let before = cpuNanoseconds(child.pid)
  for (let waited = 0; waited < REST_LIMIT_MS; waited += REST_MS) {
    await sleep(REST_MS, undefined, { signal })
    const now = cpuNanoseconds(child.pid)
    // The first wait is for a reader that still sleeps on a timer.
    if (waited && now - before < REST_MS * 1e6 * 0.02) return
    before = now
  }
}

/** Of the TraceReport's status. Throws ReaderError where the report has no ledger. */
function lostByLedger(report: string): number {
  for (const document of parseAllDocuments(report)) {
    const lost = document.getIn(['status', 'ledger', 'lost'])
    if (typeof lost === 'number') return lost
  }
  throw new ReaderError('its report has no status.ledger.lost')
}

async function failure(reader: Reader, what: string, stderr: string): Promise<ReaderError> {
  const lastWords = (await readFile(stderr, 'utf8')).trim().split('\n').at(-1)
  return new ReaderError(`${reader.name}: ${what}; ${lastWords}`)
}
