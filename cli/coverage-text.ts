import { COVERED_CALLS, type CoveredCall } from '../crds/calls.ts'
import type { Coverage } from '../crds/coverage.ts'
import { escaped } from '../crds/escape.ts'

const NAMES: Partial<Record<CoveredCall, string>> = {
  openByHandleAt: 'open_by_handle_at',
  compat32: '32-bit programs',
  kernel: 'the kernel itself',
}

/** What a trace saw and what it did not, those with one reason together: `io_uring, exec: …`. */
export function coverageText(coverage: Coverage): { traced: string; notTraced: string[] } {
  const traced: string[] = []
  const groups = new Map<string, string[]>()
  for (const call of COVERED_CALLS) {
    const covered = coverage[call]
    if (!covered) continue
    const name = NAMES[call] ?? call
    if (covered.state === 'Traced') {
      traced.push(name)
      continue
    }
    const missing =
      covered.state === 'Unavailable' ? 'this kernel has none' : 'this attach mode does not see them'
    const reason = escaped(covered.reason ?? missing)
    groups.set(reason, [...(groups.get(reason) ?? []), name])
  }
  return {
    traced: traced.join(', '),
    notTraced: [...groups].map(([reason, names]) => `${names.join(', ')}: ${reason}`),
  }
}
