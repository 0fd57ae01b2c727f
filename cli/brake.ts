import type { RunningTrace } from '../agent/trace.ts'

/** Stops a trace in order, also one that is still about to start. */
export class Brake {
  private trace: RunningTrace | undefined
  private isPulled = false

  pull(): void {
    this.isPulled = true
    this.trace?.stop('Signal')
  }

  /** What to stop from now on; at once if it was asked for before. */
  mount(trace: RunningTrace): void {
    this.trace = trace
    if (this.isPulled) trace.stop('Signal')
  }
}
