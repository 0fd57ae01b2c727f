import { describe, expect, test } from 'vitest'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import { aLedger, aReport, losing } from './fixtures.ts'
import { lossless, sums } from './lossless.ts'

describe('whether nothing was lost', () => {
  test.each<[string, Partial<TraceReportStatus>, string, string, string]>([
    ['yes, if all is accounted for', {}, 'True', 'NothingLost', 'every one of 1,000 opens'],
    [
      'no, and every cause is named',
      { ledger: losing({ ringFull: 1500, skippedRuns: 2, missedReturns: 3, unmatched: 4 }) },
      'False',
      'EventsLost',
      '1,509 of 2,509 opens were lost: 1,500 because the buffer was full, 2 because the kernel skipped',
    ],
    [
      'no, and one is one',
      { ledger: losing({ ringFull: 1 }) },
      'False',
      'EventsLost',
      '1 of 1,001 opens was lost',
    ],
    [
      'no, if the sums do not close',
      { ledger: aLedger({ filtered: 0 }) },
      'False',
      'SumsDoNotClose',
      'do not close',
    ],
    [
      'unknown, if a shared probe was skipped',
      { ledger: aLedger({ uncertain: 2 }) },
      'Unknown',
      'SkippedRunsUncertain',
      '2 runs',
    ],
    [
      'unknown, if the kernel can not tell',
      { ledger: aLedger({ skippedRunsKnown: false }) },
      'Unknown',
      'SkippedRunsUnknown',
      'does not count',
    ],
    [
      'unknown, if a test file did not come back',
      { selfTest: { start: { opened: 8, seen: 8 }, end: { opened: 8, seen: 6 } } },
      'Unknown',
      'SelfTestFailed',
      'Of the 8 files the agent opened itself as a test, only 6 came back.',
    ],
  ])('%s', (_, changed, status, reason, words) => {
    const verdict = lossless(aReport(changed))
    expect(verdict).toMatchObject({ status, reason })
    expect(verdict.message).toContain(words)
  })

  test('unknown, if nothing was counted', () => {
    expect(lossless({ state: 'Failed' })).toMatchObject({ status: 'Unknown', reason: 'NothingCounted' })
  })
})

test('where there was no open, none was lost', () => {
  const report = aReport({ ledger: aLedger({ observed: 0, filtered: 0, received: 0, logged: 0 }) })
  expect(lossless(report).message).toBe('There was no open, and nothing was lost.')
})

test('both sums are shown', () => {
  expect(sums(aLedger({ logged: 800, withheld: 100 }))).toBe(
    '1,000 observed = 100 filtered + 0 lost + 900 received; 900 received = 800 logged + 100 withheld',
  )
})
