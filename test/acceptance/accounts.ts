import assert from 'node:assert/strict'
import type { Ledger } from '../../crds/ledger.ts'

/**
 * Holds a ledger against `made` opens, when the trace's filter let only them through.
 * What the kernel skipped may have been anybody's opens; on a quiet machine it was ours.
 */
export function assertAccountsFor(made: number, ledger: Ledger, quiet: boolean) {
  const { observed, lost, received, lostBy, uncertain } = ledger
  const says = `${made} made, ledger ${JSON.stringify(ledger)}`
  assert.ok(received <= made, `nothing is received that was not made: ${says}`)
  assert.ok(received + lost + uncertain >= made, `every open is received or lost: ${says}`)
  assert.ok(observed + uncertain >= made, `every open is observed: ${says}`)
  if (lost === lostBy.ringFull && uncertain === 0) {
    assert.equal(
      received + lostBy.ringFull,
      made,
      `received and refused by the ring are all that was made: ${says}`,
    )
  }
  if (quiet && uncertain === 0) {
    assert.equal(observed, made, `observed is what was made: ${says}`)
  }
}
