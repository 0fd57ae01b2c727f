import { expect, test } from 'vitest'
import { aLoad, aSample } from './builders.ts'
import { BCC, BPFTRACE, judge, OURS_JSON } from './goals.ts'
import { type LoadSample, type PerLoad, type Sample, summarize } from './stats.ts'

const microsPerEvent = (micros: number) => aLoad({ readerCpuNs: micros * 1e3 * 1000 })
const ours = (loads: Partial<PerLoad<LoadSample>>, given: Partial<Sample> = {}) =>
  summarize([aSample(loads, { reader: OURS_JSON, ...given })])
const peer = (reader: string, micros: number) =>
  summarize([aSample({ full: microsPerEvent(micros) }, { reader })])
const fast = { made: 300_000, seen: 300_000, wallNs: 1e9 }

test.each([
  [
    'CPU per event at its limit',
    'CPU per event at full rate ≤ 0.8 µs',
    ours({ full: microsPerEvent(0.8) }),
    true,
  ],
  [
    'CPU per event above it',
    'CPU per event at full rate ≤ 0.8 µs',
    ours({ full: microsPerEvent(0.81) }),
    false,
  ],
  [
    'no loss at the full 300,000',
    'no loss at 300,000 opens/s, in any round',
    ours({ '300k': aLoad(fast) }),
    true,
  ],
  [
    'one open lost',
    'no loss at 300,000 opens/s, in any round',
    ours({ '300k': aLoad({ ...fast, seen: 299_999 }) }),
    false,
  ],
  [
    'no loss, but at a lower rate',
    'no loss at 300,000 opens/s, in any round',
    ours({ '300k': aLoad({ ...fast, wallNs: 1.2e9 }) }),
    null,
  ],
  ['idling at the limit', 'idle CPU < 0.2 %', ours({}, { idlePercent: 0.2 }), false],
  ['idling that was not measured', 'idle CPU < 0.2 %', ours({}), null],
  ['a start in time', 'start to attached < 700 ms', ours({}, { startMs: 699 }), true],
  ['memory above the limit', 'resident memory at full rate < 90 MB', ours({}, { peakRssBytes: 91e6 }), false],
])('judges %s', (_, goal, summary, holds) => {
  expect(judge([summary]).find(verdict => verdict.goal === goal)?.holds).toBe(holds)
})

test.each([
  ['less than a sixth of BCC', [peer(BCC, 4.9)], 'CPU per event ≤ 1/6 of BCC', true],
  ['more than a sixth of BCC', [peer(BCC, 4.7)], 'CPU per event ≤ 1/6 of BCC', false],
  ['less than a third of bpftrace', [peer(BPFTRACE, 2.5)], 'CPU per event ≤ 1/3 of bpftrace', true],
  ['a peer that is absent', [], 'CPU per event ≤ 1/3 of bpftrace', null],
])('compares with %s', (_, peers, goal, holds) => {
  const summaries = [ours({ full: microsPerEvent(0.8) }), ...peers]
  expect(judge(summaries).find(verdict => verdict.goal === goal)?.holds).toBe(holds)
})

test('judges nobody when our reader did not run', () => {
  expect(judge([peer(BCC, 5)])).toEqual([])
})
