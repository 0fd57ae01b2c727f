/** What the programs cost the traced processes: timed by the kernel for a moment, then reckoned up. */
import type { Attached } from './attach.ts'
import type { Counters } from './counters.ts'
import { type ProgramRuns, programRuns } from './misses.ts'
import { enableRunStats } from './native/object.ts'

export class RunCost implements Disposable {
  readonly #attached: Attached
  /** Timing costs every BPF program of the node some nanoseconds a run: it ends with the first sample that has runs. */
  #stats = enableRunStats()
  #measured: ProgramRuns = { nanoseconds: 0, runs: 0 }

  constructor(attached: Attached) {
    this.#attached = attached
  }

  sample(): void {
    if (!this.#stats) return
    this.#measured = programRuns(this.#attached)
    if (this.#measured.runs > 0) this[Symbol.dispose]()
  }

  /** The mean run times the number of runs; nothing where the kernel kept no time. */
  estimate(counters: Counters): { programRunNanoseconds?: number; programRuns?: number } {
    const { nanoseconds, runs } = this.#measured
    if (runs === 0) return {}
    const all = Math.max(runs, counters.observed + counters.entered)
    return { programRunNanoseconds: Math.round((nanoseconds / runs) * all), programRuns: all }
  }

  [Symbol.dispose](): void {
    this.#stats?.[Symbol.dispose]()
    this.#stats = undefined
  }
}
