/** Makes the opens that the readers are measured by. */
import { buildOpener } from '../opener/build.ts'
import { isBurst, type OpenerLine } from '../opener/made.ts'
import { outputOf } from './child.ts'
import type { Burst, LoadKind } from './stats.ts'

const NAMES = { Existing: [], Missing: ['--missing'], Mixed: ['--mix'] }

export interface Generator {
  /** Opens `path`, or names that begin with it and are missing, `count` times in one process. */
  burst(count: number, kind: LoadKind, path: string): Promise<Burst>
}

/** The opener, held to one CPU: the other is left to the readers, which may use both. */
export async function pinnedGenerator(cpu: number, signal: AbortSignal): Promise<Generator> {
  const opener = await buildOpener()
  return {
    async burst(count, { rate, files }, path) {
      const pace = rate ? ['--rate', String(rate)] : []
      const command = ['taskset', '-c', String(cpu), opener, 'burst', String(count), '1', path]
      const options = [...pace, ...NAMES[files]]
      const lines = (await outputOf([...command, ...options], { signal })).trim().split('\n')
      const said = lines.map(line => JSON.parse(line) as OpenerLine).find(isBurst)
      if (said?.n !== count) throw new Error(`the opener did not make ${count} opens of ${path}`)
      // It says its times per open.
      const { n, wall_ns = Number.NaN, cpu_ns = Number.NaN } = said
      return { made: n, wallNs: wall_ns * n, cpuNs: cpu_ns * n }
    },
  }
}
