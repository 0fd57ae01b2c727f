/** One reader, once through all loads. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Generator } from './generator.ts'
import type { Reader } from './peers.ts'
import { cpuNanoseconds, peakRssBytes, resetPeakRss } from './proc.ts'
import { openSession } from './session.ts'
import {
  type Burst,
  LOAD_NAMES,
  LOADS,
  type Load,
  type LoadSample,
  type PerLoad,
  perLoad,
  type Sample,
} from './stats.ts'

// Right before each reader, as the machine's speed drifts, and short, as there is nothing to wait for.
const BARE_SHARE = 4

export interface Plan {
  /** How many opens each load makes. */
  counts: PerLoad<number>
  idleSeconds: number
}

export interface Bench {
  plan: Plan
  generator: Generator
  workDir: string
  signal: AbortSignal
}

/**
 * Makes the bursts with no reader attached, starts the reader, lets it idle (where `idle`), puts it through each load,
 * ends it and counts what it wrote. Throws ReaderError, or the signal's reason.
 */
export async function measureReader(
  reader: Reader,
  round: number,
  idle: boolean,
  bench: Bench,
): Promise<Sample> {
  const bare = await measureBare(bench)
  await using session = await openSession(reader, bench.workDir, bench.signal)
  await session.rest()
  const idlePercent = idle ? await idleShare(session.pid, bench) : undefined
  const during: Partial<PerLoad<Burst & { readerCpuNs: number }>> = {}
  let peak = 0
  for (const load of LOAD_NAMES) {
    if (load === 'full') resetPeakRss(session.pid)
    const before = cpuNanoseconds(session.pid)
    const made = await burst(bench, load)
    await session.rest()
    during[load] = { ...made, readerCpuNs: cpuNanoseconds(session.pid) - before }
    if (load === 'full') peak = peakRssBytes(session.pid)
  }
  const output = await session.finish(LOAD_NAMES.map(load => pathOf(bench, load)))
  const sample = (load: Load): LoadSample => ({
    ...during[load]!,
    seen: output.seen.get(pathOf(bench, load))!,
    addedNsPerOpen: during[load]!.cpuNs / during[load]!.made - bare[load].cpuNs / bare[load].made,
  })
  return {
    reader: reader.name,
    round,
    startMs: output.firstStart!,
    ...(idlePercent === undefined ? {} : { idlePercent }),
    peakRssBytes: peak,
    saidLost: output.saidLost,
    loads: perLoad(sample),
  }
}

function burst({ plan, generator, ...bench }: Bench, load: Load, share = 1): Promise<Burst> {
  return generator.burst(plan.counts[load] / share, LOADS[load], pathOf(bench, load))
}

/** Makes the files that are opened, too: with a reader attached, that would be an open to see. */
async function measureBare(bench: Bench): Promise<PerLoad<Burst>> {
  const bursts: Partial<PerLoad<Burst>> = {}
  for (const load of LOAD_NAMES) {
    writeFileSync(pathOf(bench, load), '')
    bursts[load] = await burst(bench, load, BARE_SHARE)
  }
  return bursts as PerLoad<Burst>
}

async function idleShare(pid: number, { plan, signal }: Bench): Promise<number> {
  const before = cpuNanoseconds(pid)
  const start = performance.now()
  await sleep(plan.idleSeconds * 1000, undefined, { signal })
  return (100 * (cpuNanoseconds(pid) - before)) / ((performance.now() - start) * 1e6)
}

// A name for each load: the lines of one are told from those of another, and from all other opens here.
function pathOf({ workDir }: { workDir: string }, load: Load): string {
  return join(workDir, `opened-at-${load}`)
}
