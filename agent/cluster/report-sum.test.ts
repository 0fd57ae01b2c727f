import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLossless, type Ledger, ledgerCloses } from '../../crds/ledger.ts'
import { traceReportStatusSchema } from '../../crds/report-status.ts'
import { aLedger, aStatus, seconds } from './fixtures.ts'
import { reportSum } from './report-sum.ts'
import { topSum } from './top-sum.ts'

const count = fc.nat({ max: 1_000_000 })
const anyLedger: fc.Arbitrary<Ledger> = fc
  .record({ filtered: count, logged: count, withheld: count, ringFull: count, unattributed: count })
  .map(({ filtered, logged, withheld, ringFull, unattributed }) => {
    const lost = ringFull + unattributed
    const lostBy = { ringFull, unattributed, skippedRuns: 0, missedReturns: 0, unmatched: 0 }
    const received = logged + withheld
    return aLedger(0, {
      observed: filtered + lost + received,
      filtered,
      lost,
      received,
      logged,
      withheld,
      lostBy,
    })
  })

describe('the sum of two reports', () => {
  test('began with the first and stands where the second does', () => {
    const before = aStatus({ interruptions: { count: 1, untracedSeconds: 3 } })
    const now = aStatus({
      state: 'Completed',
      startTime: seconds(20),
      endTime: seconds(60),
      attachMode: 'Fexit',
    })
    expect(reportSum(before, now)).toMatchObject({
      state: 'Completed',
      attachMode: 'Fexit',
      startTime: seconds(0),
      endTime: seconds(60),
      interruptions: { count: 1, untracedSeconds: 3 },
    })
  })

  test('closes when both do, and is lossless only when both are', () => {
    fc.assert(
      fc.property(anyLedger, anyLedger, (a, b) => {
        const { ledger } = reportSum(aStatus({ ledger: a }), aStatus({ ledger: b }))
        expect(ledgerCloses(ledger!)).toBe(true)
        expect(ledger!.observed).toBe(a.observed + b.observed)
        expect(isLossless(ledger!)).toBe(isLossless(a) && isLossless(b))
      }),
    )
  })

  test('adds up what it cost and what the self-tests saw', () => {
    const cost = { agentCpuSeconds: 2, agentMemoryBytes: 90, programRuns: 5, programRunNanoseconds: 50 }
    const now = aStatus({
      cost: { agentCpuSeconds: 1, agentMemoryBytes: 70, programRuns: 1, programRunNanoseconds: 9 },
      selfTest: { start: { opened: 4, seen: 3 }, end: { opened: 4, seen: 4 } },
    })
    expect(reportSum(aStatus({ cost }), now)).toMatchObject({
      cost: { agentCpuSeconds: 3, agentMemoryBytes: 90, programRuns: 6, programRunNanoseconds: 59 },
      selfTest: { start: { opened: 8, seen: 7 }, end: { opened: 4, seen: 4 } },
    })
  })

  test('calls traced only what was traced all the time', () => {
    const before = aStatus({
      coverage: { openat: { state: 'Traced' }, exec: { state: 'NotTraced', reason: 'x' } },
    })
    const now = aStatus({ coverage: { openat: { state: 'Traced' }, exec: { state: 'Traced' } } })
    expect(reportSum(before, now).coverage).toEqual(before.coverage)
  })

  test('has what only one of them has', () => {
    const { ledger: _, ...bare } = aStatus()
    expect(reportSum(bare, aStatus()).ledger).toEqual(aLedger())
    expect(reportSum(aStatus(), bare).ledger).toEqual(aLedger())
  })

  test('keeps to 4 KiB and the contract', () => {
    const files = Array.from({ length: 10 }, (_, i) => ({ path: `/${i}${'é'.repeat(400)}`, count: 9 }))
    const long = aStatus({ top: { files, processes: [], approximate: false } })
    const sum = reportSum(long, long)
    expect(traceReportStatusSchema.parse(sum)).toEqual(sum)
  })
})

describe('who opened most in both', () => {
  const processes = (...all: [string, number][]) => all.map(([comm, count]) => ({ comm, pid: 1, count }))
  const files = (...all: [string, number][]) => all.map(([path, count]) => ({ path, count }))

  test('counts one in both once, and puts the most first', () => {
    const a = { files: files(['/a', 5], ['/b', 3]), processes: processes(['cat', 8]) }
    const b = { files: files(['/b', 4], ['/c', 1]), processes: processes(['cat', 5]) }
    expect(topSum(a, 8, b, 5)).toEqual({
      files: files(['/b', 7], ['/a', 5], ['/c', 1]),
      processes: processes(['cat', 13]),
      approximate: false,
    })
  })

  test('is approximate when a list does not tell of all', () => {
    const whole = { files: files(['/a', 5]), processes: processes(['cat', 5]) }
    expect(topSum(whole, 5, whole, 6).approximate).toBe(true)
    expect(topSum(whole, 6, whole, 5).approximate).toBe(true)
    expect(topSum(whole, 5, { ...whole, approximate: true }, 5).approximate).toBe(true)
  })

  test('has ten places, and pods too where there are any', () => {
    const many = files(...Array.from({ length: 8 }, (_, i): [string, number] => [`/${i}`, i + 1]))
    const others = many.map(({ path, count }) => ({ path: `/x${path}`, count }))
    const pods = [{ namespace: 'a', pod: 'b', count: 2 }]
    const top = topSum({ files: many, pods }, 36, { files: others, pods }, 36)
    expect(top.files).toHaveLength(10)
    expect(top.pods).toEqual([{ namespace: 'a', pod: 'b', count: 4 }])
  })
})
