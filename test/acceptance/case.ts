import type { RunningTrace } from '../../agent/trace.ts'
import type { AttachMode } from '../../crds/attach-mode.ts'
import type { OpenEvent } from '../../crds/event.ts'
import type { Ledger } from '../../crds/ledger.ts'
import type { TraceReportStatus } from '../../crds/trace-report.ts'
import type { BurstCount, MadeOpen, OpenerLine } from '../opener/made.ts'

/** Parts of a TraceJob's spec, before defaults. */
export interface SpecOverrides {
  filter?: Record<string, unknown>
  output?: Record<string, unknown>
}

export interface Traced {
  events: OpenEvent[]
  /** Every JSON line, events included. */
  lines: { kind: string; [field: string]: unknown }[]
  /** The lines as they were written. */
  text: string
  report: TraceReportStatus
  ledger: Ledger
}

/** What a case is given. */
export interface Context {
  readonly mode: AttachMode
  /** Nothing else runs on this machine, so its counters are ours alone. */
  readonly quiet: boolean
  /** A directory of this case's own, absolute and without symlinks. */
  readonly scratch: string
  /** A thread name nobody else has, new at each call. */
  comm(): string
  /** Starts the opener and has it wait; it is ended with the case. */
  opener(args: readonly string[], comm: string): Promise<WaitingOpener>
  /** Traces in `mode` while `during` runs, and checks what must hold of every trace. */
  trace(spec: SpecOverrides, during: (running: RunningTrace) => Promise<void>): Promise<Traced>
}

export interface WaitingOpener {
  readonly pid: number
  lines(): Promise<OpenerLine[]>
  /** For the subcommands that make an exact list. */
  made(): Promise<MadeOpen[]>
  /** For burst and stop. */
  counts(): Promise<BurstCount[]>
}

/** Figures worth a look that decide nothing. */
export type Details = Record<string, unknown>

/** One sentence that must be true of the tracer. `run` throws an AssertionError where it is not. */
export interface AcceptanceCase {
  readonly name: string
  readonly modes: readonly AttachMode[]
  run(context: Context): Promise<Details>
}

export const EVERY_MODE: readonly AttachMode[] = ['Fexit', 'Kprobe', 'Tracepoint']
