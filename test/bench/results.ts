/** The results as they are kept for machines: test/bench/out/latest.json, which git ignores. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Verdict } from './goals.ts'
import type { HostFacts } from './host.ts'
import type { Plan } from './measure.ts'
import type { Absent, Reader } from './peers.ts'
import type { Sample, Summary } from './stats.ts'

export interface Results {
  host: HostFacts
  plan: Plan
  rounds: number
  readers: Reader[]
  absent: Absent[]
  /** The messages of readers that failed on the way. */
  failed: string[]
  samples: Sample[]
  summaries: Summary[]
  verdicts: Verdict[]
}

/** Returns the file's path. */
export async function saveResults(outDir: string, results: Results): Promise<string> {
  await mkdir(outDir, { recursive: true })
  const file = join(outDir, 'latest.json')
  await writeFile(
    `${file}.new`,
    `${JSON.stringify({ when: new Date().toISOString(), ...results }, null, 2)}\n`,
  )
  await rename(`${file}.new`, file)
  return file
}
