/** `npm run bench`: our tracer against its peers, in one interleaved run. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pinnedGenerator } from './generator.ts'
import { judge } from './goals.ts'
import { hostFacts } from './host.ts'
import { type Bench, measureReader, type Plan } from './measure.ts'
import { findReaders, type Reader } from './peers.ts'
import { saveResults } from './results.ts'
import { ReaderError } from './session.ts'
import { type Sample, summarize } from './stats.ts'
import { render } from './table.ts'

const USAGE = `Usage: npm run bench -- [--rounds N] [--quick] [--only NAME,NAME]

  --rounds N         rounds, in each of which every reader runs once (default 3)
  --quick            one round of short bursts: does it work, not how fast is it
  --only NAME,NAME   only readers whose names begin so

TRACEJOB_BENCH_IG=PATH adds Inspektor Gadget's ig.
`
const FULL: Plan = {
  counts: { first: 150_000, full: 300_000, rush: 300_000, '300k': 450_000, '50k': 100_000 },
  idleSeconds: 10,
}
const QUICK: Plan = {
  counts: { first: 100_000, full: 100_000, rush: 100_000, '300k': 100_000, '50k': 25_000 },
  idleSeconds: 3,
}

class UsageError extends Error {
  override name = 'UsageError'
}

function readArguments() {
  const options = {
    rounds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  } as const
  try {
    const { values } = parseArgs({ options })
    const rounds = values.quick ? 1 : Number(values.rounds)
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a number from 1 up')
    return { ...values, rounds }
  } catch (cause) {
    throw new UsageError(`${(cause as Error).message}\n\n${USAGE}`, { cause })
  }
}

/** All samples of all rounds, or up to the interruption; a reader that fails is named, and left out from then on. */
async function interleave(readers: Reader[], rounds: number, bench: Bench) {
  const samples: Sample[] = []
  const failed: string[] = []
  let left = readers
  for (let round = 1; round <= rounds; round++) {
    // Another one first in each round: none has the caches always cold, or a neighbour's noise always to itself.
    const turn = round % left.length
    for (const reader of [...left.slice(turn), ...left.slice(0, turn)]) {
      say(`round ${round} of ${rounds}: ${reader.name}`)
      try {
        samples.push(await measureReader(reader, round, round === 1, bench))
      } catch (error) {
        if (bench.signal.aborted) return { samples, failed }
        if (!(error instanceof ReaderError)) throw error
        say(`  failed: ${error.message}`)
        failed.push(error.message)
        left = left.filter(other => other !== reader)
      }
    }
  }
  return { samples, failed }
}

async function bench(signal: AbortSignal): Promise<number> {
  const { rounds, quick, only, help } = readArguments()
  if (help) {
    process.stdout.write(USAGE)
    return 0
  }
  await using stack = new AsyncDisposableStack()
  // In memory where there is such a place: the readers' output must not wait for a disk.
  const workDir = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tracejob-bench-'))
  stack.defer(() => rm(workDir, { recursive: true, force: true }))
  const outDir = join(import.meta.dirname, 'out')
  const host = hostFacts()
  const places = { workDir, cacheDir: join(outDir, 'cache'), ig: process.env.TRACEJOB_BENCH_IG }
  const { readers, absent } = await findReaders(places, signal)
  for (const { name, because } of absent) say(`${name} is left out: ${because}`)
  const wanted = readers.filter(({ name }) => only.split(',').some(start => name.startsWith(start)))
  if (wanted.length === 0) throw new UsageError(`no reader's name begins with ${only}`)
  const plan = quick ? QUICK : FULL
  if (host.loadAverage > 0.5)
    say(`load average ${host.loadAverage.toFixed(1)}: others are at work here, trust only ratios`)
  say(`opens are made on CPU ${host.generatorCpu}; readers run on any; output goes to files in ${workDir}`)

  const generator = await pinnedGenerator(host.generatorCpu, signal)
  const { samples, failed } = await interleave(wanted, rounds, { plan, generator, workDir, signal })
  if (samples.length === 0) signal.throwIfAborted()
  const measured = wanted.filter(({ name }) => samples.some(sample => sample.reader === name))
  const summaries = measured.map(({ name }) => summarize(samples.filter(({ reader }) => reader === name)))
  const verdicts = judge(summaries)
  process.stdout.write(`\n${render(summaries, verdicts)}`)
  const results = { host, plan, rounds, readers, absent, failed, samples, summaries, verdicts }
  say(`\nwritten to ${await saveResults(outDir, results)}`)
  signal.throwIfAborted()
  return failed.length ? 1 : 0
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

const interrupted = new AbortController()
// `on`, not `once`: npm hands on a Ctrl-C that the terminal has sent us already.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort())
try {
  process.exitCode = await bench(interrupted.signal)
} catch (error) {
  const wrongUse = error instanceof UsageError
  say(interrupted.signal.aborted ? 'stopped' : wrongUse ? error.message : String((error as Error).stack))
  process.exitCode = interrupted.signal.aborted ? 130 : wrongUse ? 2 : 1
}
