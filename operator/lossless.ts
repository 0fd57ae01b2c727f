/** Whether it is certain that every open was seen. Pure. */
import type { ConditionReason } from '../crds/condition-reasons.ts'
import { sayDuration } from '../crds/duration.ts'
import { type Ledger, ledgerCloses } from '../crds/ledger.ts'
import { count, counted } from '../crds/numbers.ts'
import type { Sum } from './sum.ts'

export interface Verdict {
  status: 'True' | 'False' | 'Unknown'
  reason: ConditionReason
  /** One sentence for people, or two. */
  message: string
}

/** How the nodes stand that the sum is of. */
export interface Extent {
  /** Nodes that failed, or finished and did not count. */
  untracedNodes: number
  isOver: boolean
}

/** True only if nothing speaks against it; False only if something is known to be lost. */
export function lossless(sum: Sum, extent: Extent): Verdict {
  const { status, reason, message } = verdictOn(sum, extent)
  const gaps = gapsIn(sum, extent)
  return { status, reason, message: gaps && reason !== 'NothingCounted' ? `${message} ${gaps}` : message }
}

function verdictOn(sum: Sum, { untracedNodes, isOver }: Extent): Verdict {
  const { ledger, unseen, interruptions } = sum
  if (!ledger) return unknown('NothingCounted', 'No opens were counted.')
  if (ledger.lost > 0) return { status: 'False', reason: 'EventsLost', message: whatWasLost(ledger) }
  if (!ledgerCloses(ledger)) {
    const message = `The sums do not close, so opens may be missing: ${sums(ledger)}.`
    return { status: 'False', reason: 'SumsDoNotClose', message }
  }
  if (ledger.uncertain > 0) {
    return unknown(
      'SkippedRunsUncertain',
      `The kernel skipped ${counted(ledger.uncertain, 'run')} of a probe that several kinds of open share, so nobody can say whether an open was lost.`,
    )
  }
  if (!ledger.skippedRunsKnown) {
    return unknown(
      'SkippedRunsUnknown',
      'No loss is known of, but this kernel does not count the runs of a probe that it skips.',
    )
  }
  if (unseen) {
    return unknown(
      'SelfTestFailed',
      `Of the ${count(unseen.opened)} files the agent opened itself as a test, only ${count(unseen.seen)} came back.`,
    )
  }
  if (untracedNodes > 0) return unknown('NodesNotTraced', NOTHING_ELSE_LOST)
  if (interruptions.nodes > 0) return unknown('TraceInterrupted', NOTHING_ELSE_LOST)
  if (!isOver) return unknown('StillTracing', 'Nothing was lost so far.')
  if (ledger.observed === 0) return nothingLost('There was no open, and nothing was lost.')
  return nothingLost(`Nothing was lost: every one of ${counted(ledger.observed, 'open')} is accounted for.`)
}

const NOTHING_ELSE_LOST = 'Nothing was lost where and while it was traced.'

function unknown(reason: ConditionReason, message: string): Verdict {
  return { status: 'Unknown', reason, message }
}

function nothingLost(message: string): Verdict {
  return { status: 'True', reason: 'NothingLost', message }
}

/** Where and when nobody looked: `2 nodes were not traced to the end; 1 was interrupted, for 12 s.` */
function gapsIn({ interruptions }: Sum, { untracedNodes }: Extent): string {
  const { nodes, untracedSeconds } = interruptions
  const was = (n: number) => (n === 1 ? 'was' : 'were')
  const gaps = [
    untracedNodes > 0 &&
      `${counted(untracedNodes, 'node')} ${was(untracedNodes)} not traced, or not to the end`,
    nodes > 0 &&
      `${counted(nodes, 'node')} ${was(nodes)} interrupted, for ${sayDuration(untracedSeconds)}${nodes > 1 ? ' together' : ''}`,
  ]
  const said = gaps.filter(Boolean).join('; ')
  return said && `${said}.`
}

function whatWasLost({ lost, observed, lostBy }: Ledger): string {
  const causes = [
    [lostBy.ringFull, 'because the buffer was full'],
    [lostBy.skippedRuns, 'because the kernel skipped a run of a probe'],
    [lostBy.missedReturns, 'because the kernel could not wait for the end of more opens at once'],
    [lostBy.unmatched, 'because the beginning and the end of an open could not be brought together'],
    [lostBy.unattributed, 'because nobody could tell any more which container it was'],
  ] as const
  const known = causes.filter(([n]) => n > 0).map(([n, why]) => `${count(n)} ${why}`)
  const was = lost === 1 ? 'was' : 'were'
  return `${count(lost)} of ${counted(observed, 'open')} ${was} lost${known.length > 0 ? `: ${known.join(', ')}` : ''}.`
}

/** The ledger as its two sums: `10 observed = 1 filtered + 0 lost + 9 received; 9 received = …`. */
function sums({ observed, filtered, lost, received, logged, withheld }: Ledger): string {
  const first = `${count(observed)} observed = ${count(filtered)} filtered + ${count(lost)} lost + ${count(received)} received`
  return `${first}; ${count(received)} received = ${count(logged)} logged + ${count(withheld)} withheld`
}
