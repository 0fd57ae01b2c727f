/** What a node reported before its agent was started again, and what it sees since, as one report. Pure. */
import type { CoveredCall } from '../../crds/calls.ts'
import type { Coverage } from '../../crds/coverage.ts'
import { ledgerSum } from '../../crds/ledger-sum.ts'
import type { TraceReportStatus } from '../../crds/report-status.ts'
import { fitted } from '../report.ts'
import { topSum } from './top-sum.ts'

type Cost = NonNullable<TraceReportStatus['cost']>
type SelfTest = NonNullable<TraceReportStatus['selfTest']>
type Sentinels = NonNullable<SelfTest['start']>

/** As many as an agent itself keeps. */
const NEWEST = 4

/** State, end and failure are those of `now`; the beginning and the interruptions those of `before`. */
export function reportSum(before: TraceReportStatus, now: TraceReportStatus): TraceReportStatus {
  const [receivedBefore, receivedNow] = [before.ledger?.received ?? 0, now.ledger?.received ?? 0]
  const sums = {
    startTime: before.startTime,
    interruptions: before.interruptions,
    coverage: both(before.coverage, now.coverage, weaker),
    ledger: both(before.ledger, now.ledger, ledgerSum),
    top: both(before.top, now.top, (a, b) => topSum(a, receivedBefore, b, receivedNow)),
    newest: both(before.newest, now.newest, (a, b) => [...b, ...a].slice(0, NEWEST)),
    selfTest: both(before.selfTest, now.selfTest, selfTestSum),
    cost: both(before.cost, now.cost, costSum),
  }
  const known = Object.entries(sums).filter(([, value]) => value !== undefined)
  return fitted({ ...now, ...Object.fromEntries(known) })
}

function both<T>(a: T | undefined, b: T | undefined, sum: (a: T, b: T) => T): T | undefined {
  return a !== undefined && b !== undefined ? sum(a, b) : (a ?? b)
}

/** Traced is only what was traced before, too: the mode can be another one after a reboot. */
function weaker(a: Coverage, b: Coverage): Coverage {
  const calls = Object.keys(b) as CoveredCall[]
  return Object.fromEntries(
    calls.map(call => [call, b[call]?.state === 'Traced' ? (a[call] ?? b[call]) : b[call]]),
  )
}

function selfTestSum(a: SelfTest, b: SelfTest): SelfTest {
  const start = both(a.start, b.start, sentinels)
  const end = both(a.end, b.end, sentinels)
  return { ...(start && { start }), ...(end && { end }) }
}

function sentinels(a: Sentinels, b: Sentinels): Sentinels {
  return { opened: a.opened + b.opened, seen: a.seen + b.seen }
}

function costSum(a: Cost, b: Cost): Cost {
  const sum = (field: 'programRunNanoseconds' | 'programRuns') =>
    a[field] === undefined && b[field] === undefined ? {} : { [field]: (a[field] ?? 0) + (b[field] ?? 0) }
  return {
    agentCpuSeconds: a.agentCpuSeconds + b.agentCpuSeconds,
    agentMemoryBytes: Math.max(a.agentMemoryBytes, b.agentMemoryBytes),
    ...sum('programRunNanoseconds'),
    ...sum('programRuns'),
  }
}
