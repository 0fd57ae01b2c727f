import { z } from 'zod'
import { count } from './names.ts'

/** Where every open that was observed has gone. Exact counts, never estimates. */
export const ledgerSchema = z.strictObject({
  observed: count.describe('Opens the probes ran for, or should have: filtered + lost + received.'),
  filtered: count.describe('Opens that spec.filter left out.'),
  lost: count.describe('Opens of which the event never arrived. The sum of lostBy.'),
  received: count.describe('Opens that arrived and are in the summary: logged + withheld.'),
  logged: count.describe('Opens written to the log.'),
  withheld: count.describe(
    'Opens kept out of the log by maxEventsPerSecond or events: None. They are in the summary.',
  ),
  lostBy: z
    .strictObject({
      ringFull: count.describe('The buffer between kernel and agent was full.'),
      skippedRuns: count.describe('The kernel skipped a run of the program.'),
      missedReturns: count.describe('The kernel had no instance left to catch the return of the call.'),
      unmatched: count.describe('The entry and the return of a call could not be brought together.'),
      unattributed: count.describe(
        'Nobody could tell any more which container it was, so it was shown to nobody.',
      ),
    })
    .describe('Why opens were lost.'),
  uncertain: count.describe(
    'Runs the kernel skipped in a probe shared by several kinds of open, so that nobody can say whether an open was lost.',
  ),
  skippedRunsKnown: z
    .boolean()
    .describe('Whether this kernel counts the runs it skips. Linux 5.10 does not.'),
})

export type Ledger = z.output<typeof ledgerSchema>

/** Whether the sums hold: every observed open is accounted for once. */
export function ledgerCloses(ledger: Ledger): boolean {
  const { ringFull, skippedRuns, missedReturns, unmatched, unattributed } = ledger.lostBy
  return (
    ledger.observed === ledger.filtered + ledger.lost + ledger.received &&
    ledger.received === ledger.logged + ledger.withheld &&
    ledger.lost === ringFull + skippedRuns + missedReturns + unmatched + unattributed
  )
}

/** Whether it is certain that nothing was lost. A kernel that can't tell can't make it certain. */
export function isLossless(ledger: Ledger): boolean {
  return ledgerCloses(ledger) && ledger.lost === 0 && ledger.uncertain === 0 && ledger.skippedRunsKnown
}
