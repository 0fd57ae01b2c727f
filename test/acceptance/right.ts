import assert from 'node:assert/strict'
import type { Ledger } from '../../crds/ledger.ts'
import { isNotSeen } from './compare.ts'

/**
 * Nothing that was reported is wrong, and as many opens are missing as the ledger owns up to: none, where it says that
 * nothing was lost.
 */
export function assertRight(
  found: readonly string[],
  ledger: Ledger,
  about = 'the opens made and those seen',
) {
  const owned = ledger.lost + ledger.uncertain
  if (owned === 0) assert.deepEqual(found, [], about)
  assert.deepEqual(
    found.filter(difference => !isNotSeen(difference)),
    [],
    about,
  )
  assert.ok(found.length <= owned, `${found.length} not seen, of ${about}: ${JSON.stringify(ledger)}`)
}
