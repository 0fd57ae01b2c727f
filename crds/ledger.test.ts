import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isLossless, type Ledger, ledgerCloses, ledgerSchema } from './ledger.ts'

const NOTHING_LOST: Ledger = {
  observed: 10,
  filtered: 3,
  lost: 0,
  received: 7,
  logged: 5,
  withheld: 2,
  lostBy: { ringFull: 0, skippedRuns: 0, missedReturns: 0, unmatched: 0, unattributed: 0 },
  uncertain: 0,
  skippedRunsKnown: true,
}
const lostTwo: Partial<Ledger> = {
  observed: 12,
  lost: 2,
  lostBy: { ringFull: 1, skippedRuns: 0, missedReturns: 0, unmatched: 1, unattributed: 0 },
}

test.each<[string, Partial<Ledger>, { closes: boolean; lossless: boolean }]>([
  ['closes and is lossless when all is accounted for', {}, { closes: true, lossless: true }],
  ['closes but is not lossless with losses', lostTwo, { closes: true, lossless: false }],
  ['does not close when an open is missing', { observed: 11 }, { closes: false, lossless: false }],
  ['does not close when a received open is nowhere', { logged: 4 }, { closes: false, lossless: false }],
  ['does not close when losses have no cause', { observed: 11, lost: 1 }, { closes: false, lossless: false }],
  ['is not lossless when a loss can not be ruled out', { uncertain: 1 }, { closes: true, lossless: false }],
  [
    'is not lossless when the kernel can not tell',
    { skippedRunsKnown: false },
    { closes: true, lossless: false },
  ],
])('a ledger %s', (_, change, { closes, lossless }) => {
  const ledger = ledgerSchema.parse({ ...NOTHING_LOST, ...change })
  expect(ledgerCloses(ledger)).toBe(closes)
  expect(isLossless(ledger)).toBe(lossless)
})

test('a ledger has no negative and no broken counts', () => {
  expect(ledgerSchema.safeParse({ ...NOTHING_LOST, filtered: -1 }).success).toBe(false)
  expect(ledgerSchema.safeParse({ ...NOTHING_LOST, filtered: 0.5 }).success).toBe(false)
})

test('a ledger made of its parts closes, and one more open anywhere opens it', () => {
  const part = fc.nat(2 ** 40)
  const parts = fc.record({
    filtered: part,
    logged: part,
    withheld: part,
    ringFull: part,
    skippedRuns: part,
    missedReturns: part,
    unmatched: part,
    unattributed: part,
  })
  fc.assert(
    fc.property(
      parts,
      fc.constantFrom('observed', 'filtered', 'lost', 'received', 'logged', 'withheld'),
      (p, field) => {
        const lost = p.ringFull + p.skippedRuns + p.missedReturns + p.unmatched + p.unattributed
        const received = p.logged + p.withheld
        const { filtered, logged, withheld, ...lostBy } = p
        const ledger: Ledger = {
          observed: filtered + lost + received,
          filtered,
          lost,
          received,
          logged,
          withheld,
          lostBy,
          uncertain: 0,
          skippedRunsKnown: true,
        }
        expect(ledgerCloses(ledger)).toBe(true)
        expect(isLossless(ledger)).toBe(lost === 0)
        expect(ledgerCloses({ ...ledger, [field]: ledger[field] + 1 })).toBe(false)
      },
    ),
  )
})
