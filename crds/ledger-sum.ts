/** Ledgers added up: of several nodes, or of one node before and after its agent was started again. Pure. */
import type { Ledger } from './ledger.ts'

/** The sum closes if both do. It is known of skipped runs if it is known of both. */
export function ledgerSum(a: Ledger, b: Ledger): Ledger {
  return {
    observed: a.observed + b.observed,
    filtered: a.filtered + b.filtered,
    lost: a.lost + b.lost,
    received: a.received + b.received,
    logged: a.logged + b.logged,
    withheld: a.withheld + b.withheld,
    lostBy: {
      ringFull: a.lostBy.ringFull + b.lostBy.ringFull,
      skippedRuns: a.lostBy.skippedRuns + b.lostBy.skippedRuns,
      missedReturns: a.lostBy.missedReturns + b.lostBy.missedReturns,
      unmatched: a.lostBy.unmatched + b.lostBy.unmatched,
      unattributed: a.lostBy.unattributed + b.lostBy.unattributed,
    },
    uncertain: a.uncertain + b.uncertain,
    skippedRunsKnown: a.skippedRunsKnown && b.skippedRunsKnown,
  }
}
