/** What our reader has to reach, and whether it did. Pure. */
import { LOADS, type LoadSummary, type Summary } from './stats.ts'

export const OURS_JSON = 'tracejob json'
export const OURS_TABLE = 'tracejob table'
export const BCC = 'bcc'
export const BPFTRACE = 'bpftrace'

export interface Verdict {
  goal: string
  reached: string
  /** Null where it could not be measured: the peer is absent. */
  holds: boolean | null
}

/** The verdicts on our JSON reader, with the ratios to its peers of the same run. */
export function judge(summaries: readonly Summary[]): Verdict[] {
  const named = new Map(summaries.map(summary => [summary.reader, summary]))
  const ours = named.get(OURS_JSON)
  if (!ours) return []
  const { full } = ours.loads
  return [
    atMost('CPU per event at full rate ≤ 0.8 µs', full.cpuMicrosPerEvent, 0.8, 'µs', 2),
    shareOf('CPU per event ≤ 1/6 of BCC', full.cpuMicrosPerEvent, named.get(BCC), 6),
    shareOf('CPU per event ≤ 1/3 of bpftrace', full.cpuMicrosPerEvent, named.get(BPFTRACE), 3),
    losesNothing(ours.loads['300k']),
    ours.idlePercent === null
      ? { goal: 'idle CPU < 0.2 %', reached: 'not measured', holds: null }
      : below('idle CPU < 0.2 %', ours.idlePercent, 0.2, '%', 3),
    below('resident memory at full rate < 90 MB', ours.peakRssMegabytes, 90, 'MB', 1),
    below('start to attached < 700 ms', ours.startMs, 700, 'ms', 0),
    atMost('cost per open at full rate ≤ 1.5 µs', full.addedMicrosPerOpen, 1.5, 'µs', 2),
    atMost('cost per open at 50,000/s ≤ 1.5 µs', ours.loads['50k'].addedMicrosPerOpen, 1.5, 'µs', 2),
  ]
}

/** Unknown where the machine, or we by what we cost each open, keep the generator from that rate. */
function losesNothing({ worstLoss, madePerSecond }: LoadSummary): Verdict {
  const reached = `${worstLoss} lost at ${(madePerSecond / 1e3).toFixed(0)}k/s`
  const fastEnough = madePerSecond >= 0.98 * LOADS['300k'].rate
  const holds = worstLoss === 0 ? fastEnough || null : false
  return { goal: 'no loss at 300,000 opens/s, in any round', reached, holds }
}

function atMost(goal: string, value: number, limit: number, unit: string, digits: number): Verdict {
  return { goal, reached: `${value.toFixed(digits)} ${unit}`, holds: value <= limit }
}

function below(goal: string, value: number, limit: number, unit: string, digits: number): Verdict {
  return { goal, reached: `${value.toFixed(digits)} ${unit}`, holds: value < limit }
}

function shareOf(goal: string, ours: number, peer: Summary | undefined, times: number): Verdict {
  if (!peer) return { goal, reached: 'peer absent', holds: null }
  const ratio = peer.loads.full.cpuMicrosPerEvent / ours
  return { goal, reached: `1/${ratio.toFixed(1)}`, holds: ratio >= times }
}
