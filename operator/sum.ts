/** The nodes of a TraceJob added up: where every open went, who opened most, and where nobody looked. Pure. */
import type { Ledger } from '../crds/ledger.ts'
import { ledgerSum } from '../crds/ledger-sum.ts'
import type { Top } from '../crds/top.ts'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import { topOf } from './top.ts'

/** What one node has reported. */
export interface NodeCounts {
  node: string
  status: TraceReportStatus
}

export interface Sum {
  /** Absent: nothing was counted. */
  ledger?: Ledger
  top?: Top
  /** The self-test of a node that did not see all of its own opens. */
  unseen?: { opened: number; seen: number }
  interruptions: { nodes: number; untracedSeconds: number }
}

export function sumOf(counts: readonly NodeCounts[]): Sum {
  const ledgers = counts.flatMap(({ status }) => status.ledger ?? [])
  const top = topOf(counts)
  const unseen = counts
    .flatMap(({ status: { selfTest } }) => [selfTest?.start, selfTest?.end])
    .find(test => test && test.seen < test.opened)
  const interrupted = counts.flatMap(({ status }) => status.interruptions ?? [])
  return {
    ...(ledgers.length > 0 && { ledger: bounded(ledgers.reduce(ledgerSum)) }),
    ...(top && { top }),
    ...(unseen && { unseen }),
    interruptions: {
      nodes: interrupted.length,
      untracedSeconds: interrupted.reduce((sum, { untracedSeconds }) => sum + untracedSeconds, 0),
    },
  }
}

/** A node that counts nonsense can make a sum that does not close, and says so; not one that the API server refuses to store. */
function bounded({ lostBy, skippedRunsKnown, ...counts }: Ledger): Ledger {
  return { ...capped(counts), lostBy: capped(lostBy), skippedRunsKnown }
}

function capped<T extends { [name: string]: number }>(counts: T): T {
  const entries = Object.entries(counts)
  return Object.fromEntries(
    entries.map(([name, count]) => [name, Math.min(count, Number.MAX_SAFE_INTEGER)]),
  ) as T
}
