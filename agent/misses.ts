/** Asks the kernel how many runs of our programs it skipped. */
import type { Attached } from './attach.ts'
import { readable } from './kernel.ts'
import { type Misses, NO_MISSES } from './ledger.ts'
import type { Probe } from './modes.ts'
import { openCallNumbers } from './native/libc.ts'
import { BpfError, objectInfo } from './native/object.ts'

// Offsets in struct bpf_prog_info and bpf_link_info of linux/bpf.h: fixed, for they only ever grow.
const PROG_INFO_BYTES = 232
const RUN_TIME_AT = 192
const RUN_COUNT_AT = 200
const RECURSION_MISSES_AT = 208
const LINK_INFO_BYTES = 64
const PERF_EVENT_MISSED_AT = 48
const MULTI_MISSED_AT = 32

export interface ProgramRuns {
  nanoseconds: number
  runs: number
}

/** How long and how often the programs ran, as far as the kernel kept time. */
export function programRuns(attached: Attached): ProgramRuns {
  const total = { nanoseconds: 0, runs: 0 }
  for (const program of new Set(attached.probes.map(probe => probe.program))) {
    const info = objectInfo(attached.object.programFd(program), PROG_INFO_BYTES)
    total.nanoseconds += Number(info.getBigUint64(RUN_TIME_AT, true))
    total.runs += Number(info.getBigUint64(RUN_COUNT_AT, true))
  }
  return total
}

/** Skipped runs of one program, by its own counter; undefined before Linux 5.12. */
function recursionMisses(attached: Attached, program: string): number | undefined {
  const info = objectInfo(attached.object.programFd(program), PROG_INFO_BYTES)
  return info.byteLength >= RECURSION_MISSES_AT + 8
    ? Number(info.getBigUint64(RECURSION_MISSES_AT, true))
    : undefined
}

/** Hits that never came as far as the program, by the link's counter; 0 before Linux 6.7, which has none. */
function linkMisses(attached: Attached, program: string, at: number): number {
  let missed = 0
  for (const fd of attached.object.linkFds(program)) {
    try {
      const info = objectInfo(fd, LINK_INFO_BYTES)
      if (info.byteLength >= at + 8) missed += Number(info.getBigUint64(at, true))
    } catch (error) {
      // Before 5.15 a perf event's link is no link of the kernel's and has nothing to ask.
      if (!(error instanceof BpfError)) throw error
    }
  }
  return missed
}

/** Hits of entry probes that never came to their program. */
export interface MissedEntries {
  calls: number
  core: number
}

/** An entry whose return another probe catches: kprobes come in such pairs. */
export function isEntry({ hook }: Probe): boolean {
  return 'atReturn' in hook && !hook.atReturn
}

/** The counters of links go with the links: ask before detaching. */
export function missedEntries(attached: Attached): MissedEntries {
  const missed = { calls: 0, core: 0 }
  const at = attached.plan.by === 'kprobe.multi' ? MULTI_MISSED_AT : PERF_EVENT_MISSED_AT
  for (const probe of attached.probes.filter(isEntry)) {
    missed[probe.role === 'core' ? 'core' : 'calls'] += linkMisses(attached, probe.program, at)
  }
  return missed
}

/**
 * @param entriesMissed from `missedEntries`.
 * @param settled the probes are gone, so that who is still in an open can be told from who was missed.
 */
export function missesOf(attached: Attached, entriesMissed: MissedEntries, settled: boolean): Misses {
  const misses: Misses = { ...NO_MISSES, skipped: entriesMissed.calls, coreSkipped: entriesMissed.core }
  const hasEntries = attached.probes.some(isEntry)
  const seen = new Set<string>()
  for (const probe of attached.probes) {
    if (seen.has(probe.program)) continue
    seen.add(probe.program)
    const skipped = recursionMisses(attached, probe.program)
    if (skipped === undefined) misses.known = false
    // Where entries are counted, a return that was skipped shows as an entry without one.
    else if (hasEntries && !isEntry(probe)) continue
    else if (probe.role === 'core') misses.coreSkipped += skipped
    else misses.skipped += skipped
  }
  if (hasEntries && settled) {
    misses.inFlight = inFlight(attached, 'inflight')
    misses.coreInFlight = inFlight(attached, 'inflight_core')
  }
  return misses
}

/** Threads that entered an open and are still in it, blocked; one whose return was missed is not. */
function inFlight(attached: Attached, map: 'inflight' | 'inflight_core'): number {
  return attached.object.keys(map, 4).filter(key => {
    const tid = new DataView(key.buffer).getUint32(0, true)
    return openCallNumbers.includes(Number.parseInt(readable(`/proc/${tid}/syscall`) ?? '', 10))
  }).length
}
