import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ledgerCloses, ledgerSchema } from '../crds/ledger.ts'
import { topSchema } from '../crds/top.ts'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import { aLedger, losing } from './fixtures.ts'
import { type NodeCounts, sumOf } from './sum.ts'

const on = (node: string, status: Partial<TraceReportStatus>): NodeCounts => ({
  node,
  status: { state: 'Tracing', ...status },
})
const files = (...list: [path: string, count: number][]) => ({
  files: list.map(([path, count]) => ({ path, count })),
})

describe('the ledgers of all nodes', () => {
  const part = fc.nat(2 ** 33)
  const aNodesLedger = fc
    .record({ filtered: part, logged: part, withheld: part, ringFull: part, unmatched: part })
    .map(({ filtered, logged, withheld, ringFull, unmatched }) => {
      const lost = ringFull + unmatched
      const received = logged + withheld
      const { lostBy } = aLedger()
      return aLedger({
        observed: filtered + lost + received,
        filtered,
        lost,
        received,
        logged,
        withheld,
        lostBy: { ...lostBy, ringFull, unmatched },
      })
    })

  test('close in their sum, if each of them does', () => {
    fc.assert(
      fc.property(fc.array(aNodesLedger, { minLength: 1, maxLength: 50 }), ledgers => {
        const { ledger } = sumOf(ledgers.map((ledger, i) => on(`n${i}`, { ledger })))
        expect(ledgerCloses(ledger!)).toBe(true)
        expect(ledger!.observed).toBe(ledgers.reduce((sum, each) => sum + each.observed, 0))
      }),
    )
  })

  test('know of skipped runs only if every kernel does', () => {
    expect(
      sumOf([on('a', { ledger: aLedger() }), on('b', { ledger: aLedger({ skippedRunsKnown: false }) })])
        .ledger?.skippedRunsKnown,
    ).toBe(false)
  })

  test('are not there if no node has counted', () => {
    expect(sumOf([])).toEqual({ interruptions: { nodes: 0, untracedSeconds: 0 } })
    expect(sumOf([on('a', {})]).ledger).toBeUndefined()
  })

  test('of a node that counts nonsense do not close, and can be stored', () => {
    const most = losing({ ringFull: Number.MAX_SAFE_INTEGER - 10 })
    const { ledger } = sumOf([on('a', { ledger: most }), on('b', { ledger: most })])
    expect(ledgerSchema.safeParse(ledger).success).toBe(true)
    expect(ledgerCloses(ledger!)).toBe(false)
  })
})

test('a self-test that failed anywhere is kept, and interruptions are added up', () => {
  const good = { opened: 8, seen: 8 }
  const sum = sumOf([
    on('a', { selfTest: { start: good, end: good }, interruptions: { count: 1, untracedSeconds: 2.5 } }),
    on('b', {
      selfTest: { start: good, end: { opened: 8, seen: 7 } },
      interruptions: { count: 3, untracedSeconds: 4 },
    }),
  ])
  expect(sum.unseen).toEqual({ opened: 8, seen: 7 })
  expect(sum.interruptions).toEqual({ nodes: 2, untracedSeconds: 6.5 })
})

describe('who opened most', () => {
  test('is the same file on every node, and a process of one', () => {
    const process = { comm: 'cat', pid: 7, count: 5 }
    const { top } = sumOf([
      on('a', {
        top: {
          ...files(['/x', 3], ['/y', 2]),
          processes: [process],
          pods: [{ namespace: 's', pod: 'p', count: 1 }],
        },
      }),
      on('b', { top: { ...files(['/y', 2]), processes: [process] } }),
    ])
    expect(top).toEqual({
      files: [
        { path: '/y', count: 4 },
        { path: '/x', count: 3 },
      ],
      processes: [
        { ...process, node: 'a' },
        { ...process, node: 'b' },
      ],
      pods: [{ namespace: 's', pod: 'p', count: 1 }],
      approximate: false,
    })
  })

  test('is not known exactly where a node has more to tell than its list holds', () => {
    const ten = files(...Array.from({ length: 10 }, (_, i): [string, number] => [`/${i}`, 1]))
    expect(sumOf([on('a', { top: ten }), on('b', { top: files(['/x', 1]) })]).top?.approximate).toBe(true)
    expect(sumOf([on('a', { top: ten })]).top?.approximate).toBe(false)
    expect(sumOf([on('a', { top: { ...files(), approximate: true } })]).top?.approximate).toBe(true)
  })

  test('shows both ends of a path that is very long', () => {
    const path = `/first${'/x'.repeat(1000)}/last`
    const [file] = sumOf([on('a', { top: files([path, 1]) })]).top!.files!
    expect(file.path).toMatch(/^\/first.*…(\/x)+\/last$/)
    expect(file.path.length).toBeLessThanOrEqual(512)
  })

  test('is at most ten of each, in an order that does not depend on who spoke first, and keeps to the contract', () => {
    const entry = fc.record({ path: fc.string({ unit: 'binary', maxLength: 600 }), count: fc.nat(3) })
    const process = fc.record({
      comm: fc.string({ unit: 'binary', maxLength: 64 }),
      pid: fc.nat(9),
      count: fc.nat(3),
    })
    const top = fc.record({
      files: fc.array(entry, { maxLength: 10 }),
      processes: fc.array(process, { maxLength: 10 }),
    })
    fc.assert(
      fc.property(fc.array(top, { minLength: 1, maxLength: 8 }), tops => {
        const counts = tops.map((each, i) => on(`n${i}`, { top: each }))
        const { top } = sumOf(counts)
        expect(topSchema.parse(top)).toEqual(top)
        expect(sumOf(counts.toReversed()).top).toEqual(top)
        expect(top!.files).toEqual(top!.files!.toSorted((a, b) => b.count - a.count))
      }),
    )
  })
})

test('five thousand reports are added up in the blink of an eye', () => {
  const counts = Array.from({ length: 5000 }, (_, i) =>
    on(`node-${i}`, {
      ledger: aLedger(),
      top: files(...Array.from({ length: 10 }, (_, j): [string, number] => [`/srv/${i}/${j}`, (i * j) % 97])),
    }),
  )
  const began = performance.now()
  expect(sumOf(counts).ledger?.observed).toBe(50_000)
  // Some 20 ms; what is quadratic in the number of nodes would take minutes.
  expect(performance.now() - began).toBeLessThan(10_000)
})
