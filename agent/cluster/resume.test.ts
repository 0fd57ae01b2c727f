import { describe, expect, test } from 'vitest'
import { ledgerCloses } from '../../crds/ledger.ts'
import { aLedger, aStatus, aTraceJob, NOON, seconds } from './fixtures.ts'
import { aged, interrupted, lasting, resumption } from './resume.ts'

/** The trace began at noon; now it is so many seconds later by every clock. */
const clocksAt = (second: number) => ({ nodeMs: NOON + second * 1000, serverMs: NOON + second * 1000 })
const wroteAt = (second: number) => ({ createdMs: NOON - 5000, confirmedMs: NOON + second * 1000 })

describe('a report on which nothing was traced', () => {
  test.each([
    ['begins afresh', { state: 'Pending' as const }, 60, { go: 'fresh' }],
    ['begins afresh without an end', { state: 'Pending' as const }, undefined, { go: 'fresh' }],
    [
      'begins afresh when it says Tracing and not since when',
      { state: 'Tracing' as const },
      60,
      { go: 'fresh' },
    ],
    [
      'is over when it shall trace no more, and did not succeed',
      { state: 'Pending' as const },
      0,
      { go: 'over', status: { state: 'Failed', failure: { reason: 'Interrupted' } } },
    ],
  ])('%s', (_, status, duration, way) => {
    expect(resumption(status, duration, {}, clocksAt(0))).toMatchObject(way)
  })
})

describe('a report that is finished', () => {
  test.each(['Completed', 'Failed'] as const)('and says %s stays as it is', state => {
    const status = aStatus({ state, endTime: seconds(60) })
    expect(resumption(status, 60, {}, clocksAt(61))).toEqual({ go: 'over', status })
    expect(resumption(status, undefined, {}, clocksAt(61))).toEqual({ go: 'over', status })
  })
})

describe('a trace that was cut short', () => {
  test('goes on with the time that is left, and knows for how long nothing was traced', () => {
    const status = aStatus()
    expect(resumption(status, 60, wroteAt(20), clocksAt(23))).toEqual({
      go: 'on',
      earlier: { status, elapsedSeconds: 23, untracedSeconds: 3 },
    })
  })

  test('in order goes on likewise, from the moment the probes were gone', () => {
    const status = aStatus({ state: 'Pending', endTime: seconds(10) })
    expect(resumption(status, undefined, wroteAt(12), clocksAt(50))).toMatchObject({
      go: 'on',
      earlier: { elapsedSeconds: 50, untracedSeconds: 40 },
    })
  })

  test('is over when its time is up, and says what was missed of it', () => {
    const status = aStatus({ interruptions: { count: 1, untracedSeconds: 2.5 } })
    expect(resumption(status, 60, wroteAt(50), clocksAt(100))).toEqual({
      go: 'over',
      status: {
        ...status,
        state: 'Completed',
        endTime: seconds(50),
        interruptions: { count: 2, untracedSeconds: 12.5 },
      },
    })
  })

  test('after its time was up missed nothing', () => {
    const status = aStatus({ state: 'Pending', endTime: seconds(61) })
    expect(resumption(status, 60, wroteAt(61), clocksAt(100))).toEqual({
      go: 'over',
      status: { ...status, state: 'Completed' },
    })
  })

  test('that shall trace no more keeps what it has', () => {
    const way = resumption(aStatus(), 0, wroteAt(20), clocksAt(23))
    expect(way).toMatchObject({ go: 'over', status: { state: 'Completed', ledger: aLedger() } })
    expect(way).not.toHaveProperty('status.interruptions')
  })

  test('takes over sums that close, whatever was on its way when they were written', () => {
    const status = aStatus({ ledger: aLedger(1000, { observed: 1007 }) })
    const way = resumption(status, 60, wroteAt(1), clocksAt(2))
    expect(way.go === 'on' && ledgerCloses(way.earlier.status.ledger!)).toBe(true)
  })
})

test('interruptions add up', () => {
  const once = interrupted(aStatus(), 1.23456)
  expect(once.interruptions).toEqual({ count: 1, untracedSeconds: 1.235 })
  expect(interrupted(once, 2).interruptions).toEqual({ count: 2, untracedSeconds: 3.235 })
})

test('what passes until the attach counts, too', () => {
  const earlier = { status: aStatus(), elapsedSeconds: 20, untracedSeconds: 3 }
  expect(aged(earlier, 2)).toMatchObject({ elapsedSeconds: 22, untracedSeconds: 5 })
})

test('the job runs for the time that is left, by the report and not by itself', () => {
  expect(lasting(aTraceJob({ durationSeconds: 60 }), 30, 10.5).spec.durationSeconds).toBe(19.5)
  expect(lasting(aTraceJob({ durationSeconds: 60 }), undefined, 10).spec).not.toHaveProperty(
    'durationSeconds',
  )
})
