import { describe, expect, test } from 'vitest'
import { isLossless, type Ledger } from '../crds/ledger.ts'
import { TABLE_HEADER } from './event-table.ts'
import { type Notice, noticeLine } from './notices.ts'

const NOON = '2026-11-23T12:00:00.500Z'

const ledger: Ledger = {
  observed: 1010,
  filtered: 100,
  lost: 10,
  received: 900,
  logged: 890,
  withheld: 10,
  lostBy: { ringFull: 7, skippedRuns: 0, missedReturns: 2, unmatched: 1, unattributed: 0 },
  uncertain: 0,
  skippedRunsKnown: true,
}
const nothingLost: Ledger = {
  ...ledger,
  observed: 1000,
  lost: 0,
  lostBy: { ringFull: 0, skippedRuns: 0, missedReturns: 0, unmatched: 0, unattributed: 0 },
}

const TRACING: Notice = {
  kind: 'tracing',
  attachMode: 'Fexit',
  probes: ['fexit/do_sys_openat2'],
  durationSeconds: 10,
}
const SELF_TEST: Notice = { kind: 'selfTest', at: 'end', opened: 4, seen: 3 }
const LOSS: Notice = { kind: 'loss', lost: 3, ledger }
const END: Notice = { kind: 'end', why: 'Deadline', ledger, lossless: isLossless(ledger) }

describe('in a table', () => {
  test.each<[string, Notice, string]>([
    ['begins with the header', TRACING, TABLE_HEADER],
    ['says what the self-test saw', SELF_TEST, '# self-test at the end: 3 of 4 opens seen'],
    [
      'says losses and their causes',
      LOSS,
      '# 3 opens lost since the last such line; 10 in all (buffer full: 7, returns missed: 2, unmatched: 1)',
    ],
    [
      'ends with the ledger',
      END,
      '# end: 1010 opens observed, 100 filtered, 900 received, 10 lost (buffer full: 7, returns missed: 2, unmatched: 1)',
    ],
    [
      'ends without causes where nothing was lost',
      { ...END, ledger: nothingLost, lossless: true },
      '# end: 1000 opens observed, 100 filtered, 900 received, 0 lost',
    ],
  ])('it %s', (_, notice, line) => {
    expect(noticeLine('Table', notice, NOON, 'node-1')).toBe(line)
  })
})

describe('in JSON', () => {
  test.each<[Notice['kind'], Notice]>([
    ['tracing', TRACING],
    ['selfTest', SELF_TEST],
    ['loss', LOSS],
    ['end', END],
  ])('a %s line says its kind first, then when and where, then all', (kind, notice) => {
    const line = noticeLine('JSON', notice, NOON, 'node-1')
    expect(line.startsWith(`{"kind":"${kind}","time":"${NOON}","node":"node-1",`)).toBe(true)
    expect(line).not.toContain('\n')
    expect(JSON.parse(line)).toEqual({ ...notice, time: NOON, node: 'node-1' })
  })
})
