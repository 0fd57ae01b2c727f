import { isLossless, type Ledger, ledgerCloses } from '../crds/ledger.ts'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import { count, counted } from './numbers.ts'

export interface Verdict {
  status: 'True' | 'False' | 'Unknown'
  reason: string
  /** One sentence for people. */
  message: string
}

/** Whether it is certain that every open was seen, as one sentence; True only where nothing speaks against it. */
export function lossless({ ledger, selfTest }: TraceReportStatus): Verdict {
  if (!ledger) return { status: 'Unknown', reason: 'NothingCounted', message: 'No opens were counted.' }
  if (ledger.lost > 0) return { status: 'False', reason: 'EventsLost', message: whatWasLost(ledger) }
  if (!ledgerCloses(ledger)) {
    const message = `The sums do not close, so opens may be missing: ${sums(ledger)}.`
    return { status: 'False', reason: 'SumsDoNotClose', message }
  }
  if (ledger.uncertain > 0) {
    const message = `The kernel skipped ${counted(ledger.uncertain, 'run')} of a probe that several kinds of open share, so nobody can say whether an open was lost.`
    return { status: 'Unknown', reason: 'SkippedRunsUncertain', message }
  }
  if (!ledger.skippedRunsKnown) {
    const message = 'No loss is known of, but this kernel does not count the runs of a probe that it skips.'
    return { status: 'Unknown', reason: 'SkippedRunsUnknown', message }
  }
  const unseen = [selfTest?.start, selfTest?.end].find(test => test && test.seen < test.opened)
  if (unseen) {
    const message = `Of the ${count(unseen.opened)} files the agent opened itself as a test, only ${count(unseen.seen)} came back.`
    return { status: 'Unknown', reason: 'SelfTestFailed', message }
  }
  if (!isLossless(ledger)) return { status: 'Unknown', reason: 'NotCertain', message: 'Nobody can say.' }
  if (ledger.observed === 0)
    return { status: 'True', reason: 'NothingLost', message: 'There was no open, and nothing was lost.' }
  const message = `Nothing was lost: every one of ${counted(ledger.observed, 'open')} is accounted for.`
  return { status: 'True', reason: 'NothingLost', message }
}

function whatWasLost({ lost, observed, lostBy }: Ledger): string {
  const causes = [
    [lostBy.ringFull, 'because the buffer was full'],
    [lostBy.skippedRuns, 'because the kernel skipped a run of a probe'],
    [lostBy.missedReturns, 'because the kernel could not wait for the end of more opens at once'],
    [lostBy.unmatched, 'because the beginning and the end of an open could not be brought together'],
  ] as const
  const known = causes.filter(([n]) => n > 0).map(([n, why]) => `${count(n)} ${why}`)
  const was = lost === 1 ? 'was' : 'were'
  return `${count(lost)} of ${counted(observed, 'open')} ${was} lost${known.length > 0 ? `: ${known.join(', ')}` : ''}.`
}

/** The ledger as its two sums: `10 observed = 1 filtered + 0 lost + 9 received; 9 received = …`. */
export function sums({ observed, filtered, lost, received, logged, withheld }: Ledger): string {
  const first = `${count(observed)} observed = ${count(filtered)} filtered + ${count(lost)} lost + ${count(received)} received`
  return `${first}; ${count(received)} received = ${count(logged)} logged + ${count(withheld)} withheld`
}
