import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLossless, ledgerCloses, ledgerSchema } from '../crds/ledger.ts'
import type { Counters } from './counters.ts'
import { ledgerOf, type Misses, NO_MISSES, type Received } from './ledger.ts'

const count = fc.nat({ max: 2 ** 40 })

/** What happened to opens, each told once, from which counters of kernel and agent follow. */
const happened = fc.record({
  filteredByKernel: count,
  filteredByAgent: count,
  ringFull: count,
  logged: count,
  withheld: count,
  unattributed: count,
  /** Taken by the ring and never read. */
  unread: count,
  skipped: count,
  missedReturns: count,
  inFlight: fc.nat({ max: 100 }),
})
type Happened = typeof happened extends fc.Arbitrary<infer T> ? T : never

function counted(h: Happened): { counters: Counters; misses: Misses; received: Received } {
  const submitted = h.filteredByAgent + h.logged + h.withheld + h.unattributed + h.unread
  const observed = h.filteredByKernel + h.ringFull + submitted
  return {
    counters: {
      observed,
      filtered: h.filteredByKernel,
      ring_full: h.ringFull,
      submitted,
      entered: observed + h.missedReturns + h.inFlight,
      returned: observed,
      no_room: 0,
      without_core: 0,
      self_test: 8,
      core_entered: 0,
      core_returned: 0,
    },
    misses: { ...NO_MISSES, skipped: h.skipped, inFlight: h.inFlight },
    received: {
      logged: h.logged,
      withheld: h.withheld,
      filtered: h.filteredByAgent,
      unattributed: h.unattributed,
    },
  }
}

describe('when the probes are gone and the rings empty', () => {
  test('every open is in its place, and the sums close', () => {
    fc.assert(
      fc.property(happened, h => {
        const { counters, misses, received } = counted(h)
        const ledger = ledgerOf(counters, misses, received, true)
        expect(ledgerSchema.parse(ledger)).toEqual(ledger)
        expect(ledgerCloses(ledger)).toBe(true)
        expect(ledger).toMatchObject({
          observed: counters.observed + h.skipped + h.missedReturns,
          filtered: h.filteredByKernel + h.filteredByAgent,
          logged: h.logged,
          withheld: h.withheld,
          lostBy: {
            ringFull: h.ringFull,
            skippedRuns: h.skipped,
            missedReturns: h.missedReturns,
            unmatched: h.unread,
            unattributed: h.unattributed,
          },
        })
        expect(isLossless(ledger)).toBe(
          h.ringFull + h.skipped + h.missedReturns + h.unread + h.unattributed === 0,
        )
      }),
      { numRuns: 500 },
    )
  })

  test('one open more or less, in any of the counters, can be seen', () => {
    const field = fc.constantFrom('observed', 'filtered', 'ring_full', 'submitted', 'logged', 'withheld')
    fc.assert(
      fc.property(happened, field, fc.constantFrom(1, -1), (h, field, by) => {
        const { counters, misses, received } = counted(h)
        const where = (field in counters ? counters : received) as Record<string, number>
        where[field]! += by
        if (where[field]! < 0) return
        const ledger = ledgerOf(counters, misses, received, true)
        // One fewer read than the ring took is a loss, and told as one; all else leaves the sums open.
        const isLoss = (field === 'logged' || field === 'withheld') && by === -1
        const isFound = (field === 'logged' || field === 'withheld') && by === 1 && h.unread > 0
        expect(ledgerCloses(ledger)).toBe(isLoss || isFound)
        if (isLoss) expect(ledger.lostBy.unmatched).toBe(h.unread + 1)
        expect(isLossless(ledger)).toBe(
          isFound && h.unread === 1 && h.ringFull + h.skipped + h.missedReturns + h.unattributed === 0,
        )
      }),
      { numRuns: 500 },
    )
  })

  test.each<[string, Partial<Misses>, Partial<Counters>, number]>([
    ['is uncertain where a shared probe was skipped', { coreSkipped: 3 }, {}, 3],
    ['is certain where the calls came all the same', { coreSkipped: 3 }, { without_core: 3 }, 0],
    ['is uncertain by what is left', { coreSkipped: 3 }, { without_core: 1 }, 2],
    ['is uncertain where a return of the core was missed', {}, { core_entered: 9, core_returned: 7 }, 2],
    [
      'is certain of what still waits in the core',
      { coreInFlight: 2 },
      { core_entered: 9, core_returned: 7 },
      0,
    ],
    ['is not made surer by other causes', { coreSkipped: 1 }, { without_core: 9 }, 0],
  ])('it %s', (_, misses, counters, uncertain) => {
    const all = counted(NOTHING)
    const ledger = ledgerOf(
      { ...all.counters, ...counters },
      { ...all.misses, ...misses },
      all.received,
      true,
    )
    expect(ledger.uncertain).toBe(uncertain)
    expect(ledgerCloses(ledger)).toBe(true)
    expect(isLossless(ledger)).toBe(uncertain === 0)
  })

  test('nothing is certain on a kernel that does not count skipped runs', () => {
    const { counters, misses, received } = counted(NOTHING)
    const ledger = ledgerOf(counters, { ...misses, known: false }, received, true)
    expect(ledgerCloses(ledger)).toBe(true)
    expect(isLossless(ledger)).toBe(false)
  })
})

const NOTHING: Happened = {
  filteredByKernel: 2,
  filteredByAgent: 1,
  ringFull: 0,
  logged: 5,
  withheld: 4,
  unattributed: 0,
  unread: 0,
  skipped: 0,
  missedReturns: 0,
  inFlight: 0,
}

describe('while the trace runs', () => {
  test('what is on its way is no loss and not yet observed, and the sums close', () => {
    fc.assert(
      fc.property(happened, h => {
        const { counters, misses, received } = counted(h)
        const ledger = ledgerOf(counters, misses, received, false)
        expect(ledgerCloses(ledger)).toBe(true)
        expect(ledger.lostBy).toEqual({
          ringFull: h.ringFull,
          skippedRuns: h.skipped,
          missedReturns: 0,
          unmatched: 0,
          unattributed: h.unattributed,
        })
        expect(ledger.observed).toBe(counters.observed + h.skipped - h.unread)
      }),
      { numRuns: 500 },
    )
  })
})
