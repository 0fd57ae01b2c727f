import { describe, expect, test } from 'vitest'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import { aLedger, aReport, aTraceJob, losing } from './fixtures.ts'
import { paint } from './paint.ts'
import { type Asked, shortSummary, summary } from './summary.ts'

const ASKED: Asked = { job: aTraceJob(), nodeName: 'worker-1', output: 'table' }

function summed(report: TraceReportStatus, asked = ASKED) {
  return summary(asked, report, paint(false))
}

test('a summary is read from top to bottom', () => {
  expect(summed(aReport())).toBe(`900 opens reported in 10.2 s on worker-1 by Tracepoint

   1,000  observed  opens the probes ran for
     100  filtered  left out by spec.filter
       0  lost
     900  received  all of them are in this summary
     900  logged    written to standard output
       0  withheld

Nothing was lost: every one of 1,000 opens is accounted for.

Top files
   1,200  /etc/passwd

Top processes
     812  cat (4123)

Traced       open, openat
Not traced   io_uring, exec: no tracepoint sees them
             32-bit programs: this kernel has none
Self-test    8 of 8 came back at the start, 8 of 8 at the end
Cost         0.1 s of CPU, 82 MiB of memory, 0.90 µs in the kernel for each open
`)
})

describe('a summary says in words', () => {
  test.each<[string, Partial<TraceReportStatus>, Partial<Asked>, string]>([
    [
      'what was lost and why',
      { ledger: losing({ ringFull: 7 }) },
      {},
      '7 of 1,007 opens were lost: 7 because the buffer was full.',
    ],
    [
      'that the rate limit withheld lines',
      { ledger: aLedger({ logged: 0, withheld: 900 }) },
      {},
      '     900  withheld  not written: spec.output.maxEventsPerSecond is 1,000',
    ],
    [
      'that --output none withheld them',
      { ledger: aLedger({ logged: 0, withheld: 900 }) },
      { output: 'none' },
      'not written: of --output none',
    ],
    [
      'that the manifest withheld them',
      { ledger: aLedger({ logged: 0, withheld: 900 }) },
      { job: aTraceJob({ output: { format: 'JSON', events: 'None', maxEventsPerSecond: 1000 } }) },
      'not written: spec.output.events is None',
    ],
    [
      'that counts are approximate',
      { top: { files: [{ path: '/x', count: 1 }], approximate: true } },
      {},
      'Top files (about: there were too many to count each)',
    ],
    [
      'which part of the self-test there was',
      { selfTest: { end: { opened: 8, seen: 7 } } },
      {},
      'Self-test    7 of 8 at the end',
    ],
  ])('%s', (_, report, asked, words) => {
    expect(summed(aReport(report), { ...ASKED, ...asked })).toContain(words)
  })
})

test('hostile names can not act on the terminal', () => {
  const report = aReport({
    top: {
      files: [{ path: '/tmp/\x1b[2J', count: 1 }],
      processes: [{ comm: '\u202ecod', pid: 1, count: 1 }],
    },
  })
  expect(summed(report)).toContain('/tmp/\\x1b[2J')
  expect(summed(report)).toContain('\\u202ecod (1)')
})

test('colours come only with a terminal', () => {
  expect(summed(aReport())).not.toContain('\x1b')
  expect(summary(ASKED, aReport(), paint(true))).toContain('\x1b[32mNothing was lost')
})

test('what a failed trace never knew is left out', () => {
  expect(summed({ state: 'Failed' })).toBe('nothing reported on worker-1\n\nNo opens were counted.\n')
})

test('beside JSON in a pipe it is short', () => {
  expect(shortSummary(ASKED, aReport({ ledger: aLedger({ logged: 1, withheld: 899 }) }))).toBe(
    `tracejob: 900 opens reported in 10.2 s on worker-1 by Tracepoint
tracejob: Nothing was lost: every one of 1,000 opens is accounted for.
tracejob: 899 opens withheld from the output: spec.output.maxEventsPerSecond is 1,000.
`,
  )
})
