import { describe, expect, test } from 'vitest'
import { type Dates, secondsSinceAttach, secondsUntraced } from './elapsed.ts'

const DAY = 86_400
const NOW = Date.UTC(2026, 0, 1, 12)
/** So many seconds ago by a clock that is right. */
const ago = (seconds: number): number => NOW - seconds * 1000
/** This node's clock goes wrong by so much, and what it dated before is as it was. */
const clocks = (nodeIsAhead = 0) => ({ nodeMs: NOW + nodeIsAhead * 1000, serverMs: NOW })

/** The report is 100 s old, the first attach was 90 s ago, the last write 10 s ago. */
const DATES: Dates = { createdMs: ago(100), writtenMs: ago(10) }

describe('seconds since the first attach', () => {
  test.each([
    ['are those of the node', 0, DATES, 90],
    ['are no more than the report is old, when the clock jumped ahead', DAY, DATES, 102],
    ['are no less than since the last write, when it jumped back', -DAY, DATES, 8],
    ['are what a clock that jumped back says, when nothing else is known', -30, {}, 60],
    ['are never negative', -DAY, {}, 0],
    ['are as the clock says, when nothing else is known', DAY, {}, DAY + 90],
  ])('%s', (_, ahead, dates, seconds) => {
    expect(secondsSinceAttach(ago(90), dates, clocks(ahead))).toBe(seconds)
  })
})

describe('seconds without a trace', () => {
  test.each([
    ['count from when the probes were gone', ago(5), DATES, 0, 5],
    ['count from the last write when nobody could say that they were gone', undefined, DATES, 0, 12],
    ['count from when nothing had to be written', undefined, { ...DATES, confirmedMs: ago(3) }, 0, 3],
    ['are no more than since the last write, when the clock jumped ahead', ago(5), DATES, DAY, 12],
    ['are not negative, when it jumped back', ago(5), DATES, -DAY, 0],
    ['are no more than the report is old', undefined, { createdMs: ago(100) }, 0, 102],
  ])('%s', (_, endMs, dates, ahead, seconds) => {
    expect(secondsUntraced(endMs, dates, clocks(ahead))).toBe(seconds)
  })
})
