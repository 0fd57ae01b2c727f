/** What a trace sees and what it can't, said of each way to open a file. Pure. */
import type { CallCoverage, Coverage } from '../crds/coverage.ts'
import type { Probe } from './modes.ts'

const TRACED: CallCoverage = { state: 'Traced' }
const notTraced = (reason: string): CallCoverage => ({ state: 'NotTraced', reason })
const unavailable = (reason: string): CallCoverage => ({ state: 'Unavailable', reason })

const NO_SUCH_CALL = 'this architecture has no such system call'
const NO_HANDLES = notTraced('Kprobe mode does not see it; Fexit and Tracepoint mode do')
const CORE_ONLY = 'only the core probe sees it (do_filp_open or do_file_open), and this kernel has neither'
const NOT_BY_TRACEPOINT = 'the tracepoints of system calls do not see it; Fexit and Kprobe mode do'

/** @param machine as `uname -m` says it. */
export function coverageOf(probes: readonly Probe[], machine: string): Coverage {
  const events = probes.flatMap(({ hook }) => (hook.by === 'tracepoint' ? [hook.event] : []))
  return events.length > 0 ? byTracepoint(events) : byFunction(probes, machine)
}

function byTracepoint(events: readonly string[]): Coverage {
  const call = (name: string) => (events.includes(`sys_exit_${name}`) ? TRACED : unavailable(NO_SUCH_CALL))
  return {
    open: call('open'),
    openat: call('openat'),
    openat2: call('openat2'),
    creat: call('creat'),
    io_uring: notTraced(NOT_BY_TRACEPOINT),
    exec: notTraced(NOT_BY_TRACEPOINT),
    openByHandleAt: call('open_by_handle_at'),
    kernel: notTraced(NOT_BY_TRACEPOINT),
    compat32: notTraced('32-bit system calls have no tracepoints; Fexit and Kprobe mode see them'),
  }
}

function byFunction(probes: readonly Probe[], machine: string): Coverage {
  const own = machine === 'aarch64' ? unavailable(NO_SUCH_CALL) : TRACED
  const core = probes.some(probe => probe.role === 'core') ? TRACED : notTraced(CORE_ONLY)
  return {
    open: own,
    openat: TRACED,
    openat2: { ...TRACED, reason: 'except calls refused for the size of their struct open_how' },
    creat: own,
    io_uring: core,
    exec: core,
    openByHandleAt: probes.some(probe => probe.program === 'handle_fexit') ? TRACED : NO_HANDLES,
    kernel: core,
    compat32: TRACED,
  }
}
