import { describe, expect, test } from 'vitest'
import { aLedger, losing } from './fixtures.ts'
import { type Extent, lossless } from './lossless.ts'
import type { Sum } from './sum.ts'

const ALL: Extent = { untracedNodes: 0, isOver: true }
const NEVER = { nodes: 0, untracedSeconds: 0 }
const aSum = (changed: Partial<Sum> = {}): Sum => ({ ledger: aLedger(), interruptions: NEVER, ...changed })

describe('whether nothing was lost', () => {
  test.each<[string, Partial<Sum>, Partial<Extent>, string, string]>([
    [
      'yes, if all is accounted for',
      {},
      {},
      'True NothingLost',
      'Nothing was lost: every one of 10 opens is accounted for.',
    ],
    [
      'yes, if there was nothing to lose',
      { ledger: aLedger({ observed: 0, received: 0, logged: 0 }) },
      {},
      'True NothingLost',
      'There was no open, and nothing was lost.',
    ],
    [
      'no, and every cause is named',
      { ledger: losing({ ringFull: 1500, skippedRuns: 2, missedReturns: 3, unmatched: 4, unattributed: 5 }) },
      {},
      'False EventsLost',
      '1,514 of 1,524 opens were lost: 1,500 because the buffer was full, 2 because the kernel skipped a run of a probe, 3 because the kernel could not wait for the end of more opens at once, 4 because the beginning and the end of an open could not be brought together, 5 because nobody could tell any more which container it was.',
    ],
    [
      'no, and one is one',
      { ledger: losing({ ringFull: 1 }) },
      {},
      'False EventsLost',
      '1 of 11 opens was lost: 1 because',
    ],
    [
      'no, if the sums do not close',
      { ledger: aLedger({ observed: 11 }) },
      {},
      'False SumsDoNotClose',
      'opens may be missing: 11 observed = 0 filtered + 0 lost + 10 received; 10 received = 10 logged + 0 withheld.',
    ],
    [
      'no, before the end too',
      { ledger: losing({ ringFull: 1 }) },
      { isOver: false },
      'False EventsLost',
      'was lost',
    ],
    [
      'unknown, if a shared probe was skipped',
      { ledger: aLedger({ uncertain: 2 }) },
      {},
      'Unknown SkippedRunsUncertain',
      '2 runs',
    ],
    [
      'unknown, if a kernel can not tell',
      { ledger: aLedger({ skippedRunsKnown: false }) },
      {},
      'Unknown SkippedRunsUnknown',
      'does not count',
    ],
    [
      'unknown, if a test file did not come back',
      { unseen: { opened: 8, seen: 6 } },
      {},
      'Unknown SelfTestFailed',
      'Of the 8 files the agent opened itself as a test, only 6 came back.',
    ],
    [
      'unknown, if a node was not traced',
      {},
      { untracedNodes: 2 },
      'Unknown NodesNotTraced',
      'Nothing was lost where and while it was traced. 2 nodes were not traced, or not to the end.',
    ],
    [
      'unknown, if an agent was interrupted',
      { interruptions: { nodes: 2, untracedSeconds: 75 } },
      {},
      'Unknown TraceInterrupted',
      'Nothing was lost where and while it was traced. 2 nodes were interrupted, for 1 min 15 s together.',
    ],
    [
      'unknown, as long as it goes on',
      {},
      { isOver: false },
      'Unknown StillTracing',
      'Nothing was lost so far.',
    ],
    [
      'unknown, if nothing was counted, whatever else there is',
      { ledger: undefined as never },
      { untracedNodes: 1 },
      'Unknown NothingCounted',
      'No opens were counted.',
    ],
  ])('%s', (_, sum, extent, verdict, words) => {
    const { status, reason, message } = lossless(aSum(sum), { ...ALL, ...extent })
    expect(`${status} ${reason}`).toBe(verdict)
    expect(message).toContain(words)
  })
})

test('what nobody looked at is said beside what was lost', () => {
  const sum = aSum({ ledger: losing({ ringFull: 1 }), interruptions: { nodes: 1, untracedSeconds: 3 } })
  expect(lossless(sum, { untracedNodes: 1, isOver: true }).message).toMatch(
    / full\. 1 node was not traced, or not to the end; 1 node was interrupted, for 3 s\.$/,
  )
})
