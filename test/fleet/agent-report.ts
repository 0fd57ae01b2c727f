/** What a fake agent says in its report: sums that close. Pure. */
import type { TraceReportStatus } from '../../crds/trace-report.ts'
import type { Behaviour } from './behaviour.ts'

type Tracing = Extract<Behaviour, { does: 'trace' }>

/** The report of an agent that has reported so many times since it began. Times are RFC 3339. */
export function tracingReport(
  behaviour: Tracing,
  reports: number,
  startTime: string,
  endTime?: string,
): TraceReportStatus {
  const { opensPerReport = 10, lostPerReport = 0, path = '/etc/passwd', comm = 'cat' } = behaviour
  const received = opensPerReport * reports
  const lost = lostPerReport * reports
  const seen = { opened: 8, seen: 8 }
  return {
    state: endTime ? 'Completed' : 'Tracing',
    attachMode: 'Tracepoint',
    probes: ['tracepoint/sys_exit_openat'],
    kernel: { release: '6.12.0', machine: 'x86_64', preemption: 'voluntary' },
    startTime,
    ...(endTime && { endTime }),
    ledger: {
      observed: received + lost,
      filtered: 0,
      lost,
      received,
      logged: received,
      withheld: 0,
      lostBy: { ringFull: lost, skippedRuns: 0, missedReturns: 0, unmatched: 0, unattributed: 0 },
      uncertain: 0,
      skippedRunsKnown: true,
    },
    top: {
      files: received > 0 ? [{ path, count: received }] : [],
      processes: received > 0 ? [{ comm, pid: 4123, count: received }] : [],
      pods: [],
    },
    selfTest: { start: seen, ...(endTime && { end: seen }) },
  }
}
