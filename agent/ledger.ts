/** The ledger of one node, from the kernel's counters and what the agent did with what arrived. Pure. */
import type { Ledger } from '../crds/ledger.ts'
import type { Counters } from './counters.ts'

/** What only the kernel knows about programs that did not run. */
export interface Misses {
  /** Skipped runs of the probes that see an open once, which is one lost open each. */
  skipped: number
  /** Skipped runs of the core probe, which several kinds of open share. */
  coreSkipped: number
  /** Entries of do_sys_openat2 still waiting for their return: opens that block. */
  inFlight: number
  /** The same of the core. */
  coreInFlight: number
  /** False on kernels that don't count skipped runs (before 5.12). */
  known: boolean
}

/** What the agent did with samples, self-test ones aside. */
export interface Received {
  logged: number
  withheld: number
  /** Left out, by the path filter or for whose they are, where the kernel could not decide. */
  filtered: number
  /** Shown to nobody, because nobody could tell whose they are. */
  unattributed: number
}

export const NO_MISSES: Misses = {
  skipped: 0,
  coreSkipped: 0,
  inFlight: 0,
  coreInFlight: 0,
  known: true,
}

/**
 * @param settled the probes are detached and the rings drained: only then do an entry without a return
 *   and a sample without a reader mean a loss; before that they are on their way and left out.
 */
export function ledgerOf(counters: Counters, misses: Misses, received: Received, settled: boolean): Ledger {
  const arrived = received.logged + received.withheld
  const unread = counters.submitted - arrived - received.filtered - received.unattributed
  const onTheirWay = Math.max(0, unread)
  const coreMissed = settled
    ? Math.max(0, counters.core_entered - counters.core_returned - misses.coreInFlight)
    : 0
  const lostBy = {
    ringFull: counters.ring_full,
    skippedRuns: misses.skipped,
    missedReturns: settled ? Math.max(0, counters.entered - counters.returned - misses.inFlight) : 0,
    // More read than was submitted can't be; if it is, the sums shall not close.
    unmatched: settled ? Math.abs(unread) : 0,
    unattributed: received.unattributed,
  }
  return {
    observed: counters.observed + lostBy.skippedRuns + lostBy.missedReturns - (settled ? 0 : onTheirWay),
    filtered: counters.filtered + received.filtered,
    lost: Object.values(lostBy).reduce((sum, count) => sum + count, 0),
    received: arrived,
    logged: received.logged,
    withheld: received.withheld,
    lostBy,
    // A system call whose core probe did not run was reported all the same, by its return.
    uncertain: Math.max(0, misses.coreSkipped + coreMissed - counters.without_core),
    skippedRunsKnown: misses.known,
  }
}
