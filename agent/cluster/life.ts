/** An agent from its start to its end: what next-step.ts decides, done. */
import type { TraceReportStatus } from '../../crds/report-status.ts'
import type { TraceFailure } from '../failure.ts'
import type { StopReason } from '../trace.ts'
import { asError, beginRun, durationOf, type Surroundings } from './begin-run.ts'
import { finalReport } from './final-report.ts'
import { nextStep, type Phase, type Standing } from './next-step.ts'
import type { OwnReport } from './own-report.ts'
import { Run } from './run.ts'
import type { Saying } from './saying.ts'

export interface World extends Surroundings {
  /** Our report as it is now; undefined: not there. */
  report: () => OwnReport | undefined
  /** There may be something new to say. */
  changed: () => void
}

export class Life {
  readonly #world: World
  #phase: Phase = 'Waiting'
  #starting: { reportUid: string; calledOff: AbortController } | undefined
  #run: Run | undefined
  #last: TraceReportStatus | undefined
  #toldToLeave = false
  #outputFailure: TraceFailure | undefined
  #awake = Promise.withResolvers<void>()

  constructor(world: World) {
    this.#world = world
  }

  /** Resolves when it was told to leave and nothing is traced any more; never before. */
  async live(): Promise<void> {
    for (;;) {
      this.#awake = Promise.withResolvers()
      const step = nextStep(this.#standing())
      if (step.do === 'leave') return
      if (step.do === 'begin') void this.#begin(this.#world.report()!)
      else if (step.do === 'callOff') this.#starting!.calledOff.abort()
      else if (step.do === 'setDuration') this.#setDuration(step.seconds)
      else if (step.do === 'stop') this.#stop(step.why)
      else await this.#awake.promise
    }
  }

  /** To be called when our report has changed. */
  look(): void {
    this.#awake.resolve()
  }

  /** By SIGTERM; more than once is the same as once. */
  leave(): void {
    this.#toldToLeave = true
    this.look()
  }

  /** The events can't be written any more. */
  outputFailed(failure: TraceFailure): void {
    this.#outputFailure = failure
    this.look()
  }

  /** The node's trace has begun and has not failed: its probes are attached, or it has ended in order. */
  get isReady(): boolean {
    return this.#run !== undefined || this.#last?.state === 'Completed'
  }

  /** What there is to say on the report. */
  saying(): Saying | undefined {
    const last = this.#last
    if (last) return { state: last.state, isLast: true, status: () => last }
    const run = this.#run
    return run && { state: 'Tracing', isLast: false, status: () => run.report() }
  }

  #standing(): Standing {
    const report = this.#world.report()
    return {
      phase: this.#phase,
      report: report && { uid: report.uid, durationSeconds: durationOf(report, this.#world.job) },
      isCalledOff: this.#starting?.calledOff.signal.aborted ?? false,
      tracedUid: this.#run?.reportUid ?? this.#starting?.reportUid,
      setSeconds: this.#run?.durationSeconds,
      toldToLeave: this.#toldToLeave,
      outputFailed: this.#outputFailure !== undefined,
    }
  }

  async #begin(report: OwnReport): Promise<void> {
    const calledOff = new AbortController()
    this.#starting = { reportUid: report.uid, calledOff }
    this.#enter('Starting')
    const outcome = await beginRun(report, this.#world, calledOff.signal)
    this.#starting = undefined
    if (outcome instanceof Run) this.#trace(outcome)
    else if (outcome) this.#end(outcome)
    else this.#enter('Waiting')
  }

  #trace(run: Run): void {
    this.#run = run
    run.trace.finished.then(
      status => this.#end(finalReport(run.together(status), this.#outputFailure ?? run.ending)),
      error => this.#end(finalReport(run.known, asError(error))),
    )
    this.#enter('Tracing')
  }

  #setDuration(seconds: number | undefined): void {
    this.#run!.setDuration(seconds)
    this.#world.log.info({ durationSeconds: seconds }, 'the duration has changed')
  }

  #stop(why: StopReason): void {
    this.#run!.stop(why)
    this.#enter('Ending')
  }

  #end(last: TraceReportStatus): void {
    this.#last = last
    this.#run = undefined
    const { log } = this.#world
    if (last.failure) log.error({ reason: last.failure.reason }, last.failure.message)
    else log.info({ state: last.state }, 'the trace has ended')
    this.#enter('Ended')
  }

  #enter(phase: Phase): void {
    this.#phase = phase
    this.#world.log.debug({ phase }, 'the phase has changed')
    this.look()
    this.#world.changed()
  }
}
