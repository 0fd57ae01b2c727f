/** Makes the opens that the readers are measured by. */
import { buildOpener } from '../opener/build.ts'
import { isBurst, type OpenerLine } from '../opener/made.ts'
import { outputOf } from './child.ts'
import type { Burst, LoadKind } from './stats.ts'

const NAMES = { Existing: [], Missing: ['--missing'], Mixed: ['--mix'] }

export interface Generator {
  /** Opens `path`, or names that begin with it and are missing, `count` times in all. */
  burst(count: number, kind: LoadKind, path: string): Promise<Burst>
}

/** The opener; a single one is held to one CPU, and the other is left to the readers, which may use both. */
export async function pinnedGenerator(cpu: number, signal: AbortSignal): Promise<Generator> {
  const opener = await buildOpener()
  return {
    async burst(count, { rate, files, openers }, path) {
      const each = Math.round(count / openers)
      const held = openers === 1 ? ['taskset', '-c', String(cpu)] : []
      const pace = rate ? ['--rate', String(rate / openers)] : []
      const command = [...held, opener, 'burst', String(each), String(openers), path]
      const options = [...pace, ...NAMES[files]]
      const lines = (await outputOf([...command, ...options], { signal })).trim().split('\n')
      const said = lines.map(line => JSON.parse(line) as OpenerLine).filter(isBurst)
      if (said.length !== openers || said.some(({ n }) => n !== each)) {
        throw new Error(`the openers did not make ${count} opens of ${path}`)
      }
      // They say their times per open.
      const totals = said.map(({ n, wall_ns = Number.NaN, cpu_ns = Number.NaN }) => [wall_ns * n, cpu_ns * n])
      return {
        made: each * openers,
        wallNs: Math.max(...totals.map(([wall]) => wall!)),
        cpuNs: totals.reduce((sum, [, cpu]) => sum + cpu!, 0),
      }
    },
  }
}
