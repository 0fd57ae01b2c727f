/** From what the kernel refused to one sentence and what to do about it. Pure. */
import type { AttachMode } from '../crds/attach-mode.ts'
import { TraceFailure } from './failure.ts'
import type { KernelFacts } from './kernel.ts'
import type { ModePlan } from './modes.ts'

/** A mode that was tried, and the kernel's answer. */
export interface Refusal {
  plan: ModePlan
  error: { message: string; errno: number; detail: string; verifierLog: string }
}

const EPERM = 1
const ENOENT = 2
const ESRCH = 3
const EACCES = 13
const EINVAL = 22
const VERIFIER_TAIL_LINES = 20

/** What makes any attempt pointless, found before one is made; undefined when nothing does. */
export function obstacle(kernel: KernelFacts): TraceFailure | undefined {
  if (!kernel.mayTrace) {
    return new TraceFailure(
      'PermissionDenied',
      kernel.isRoot
        ? 'this process lacks the capabilities BPF and PERFMON'
        : 'only root, or a process with the capabilities BPF and PERFMON, may trace',
      kernel.isRoot
        ? 'Grant CAP_BPF and CAP_PERFMON (and CAP_SYS_ADMIN where perf_event_paranoid is above 2).'
        : 'Run it with sudo.',
    )
  }
  if (kernel.lockdown === 'confidentiality') {
    return new TraceFailure(
      'KernelLockdown',
      'the kernel is locked down (confidentiality) and lets no program read file names',
      'Boot with lockdown=integrity or lower; Secure Boot policies of some distributions set it.',
    )
  }
  if (!kernel.hasBtf) {
    return new TraceFailure(
      'BtfMissing',
      'the kernel offers no BTF at /sys/kernel/btf/vmlinux, by which the probe finds its way',
      'Use a kernel built with CONFIG_DEBUG_INFO_BTF=y (all current distributions are); in a container, mount /sys.',
    )
  }
  return undefined
}

export function libbpfMissing(cause: unknown): TraceFailure {
  return new TraceFailure(
    'LibbpfMissing',
    "libbpf.so.1 can't be loaded",
    'Install libbpf 1.x (apt-get install libbpf1).',
    {
      cause,
    },
  )
}

/** Why no mode was taken: the first refusal that says more than "not on this kernel". */
export function refusal(
  wanted: AttachMode | 'Auto',
  kernel: KernelFacts,
  refusals: readonly Refusal[],
): TraceFailure {
  const rejected = refusals.find(({ error }) => isVerifierRefusal(error))
  const last = refusals.at(-1)!
  const { plan, error } = rejected ?? last
  const tried = refusals.map(({ plan, error }) => `${plan.by}: ${explain(error.errno)}`).join('; ')
  const detail = refusals.map(({ plan, error }) => words(plan, error)).join('\n')
  if (rejected) {
    return new TraceFailure(
      'VerifierRejected',
      `the kernel's verifier rejected the ${plan.by} program: ${verdict(error.verifierLog)}`,
      'Please report this with the kernel release and the words below; another spec.attachMode may work.',
      { detail },
    )
  }
  if (plan.mode === 'Tracepoint' && !kernel.hasTracefs) {
    return new TraceFailure(
      'TracefsMissing',
      `tracefs is not mounted, so tracepoints can't be found (${tried})`,
      'Mount it: mount -t tracefs none /sys/kernel/tracing.',
      { detail },
    )
  }
  const isMissing = refusals.every(({ error }) => error.errno === ENOENT || error.errno === ESRCH)
  if (wanted !== 'Auto' && isMissing) {
    return new TraceFailure(
      'SymbolMissing',
      `this kernel offers nothing to attach ${wanted} mode to (${tried})`,
      'Leave spec.attachMode at Auto, or try Tracepoint.',
      { detail },
    )
  }
  const isDenied =
    wanted === 'Auto' && refusals.every(({ error }) => error.errno === EPERM || error.errno === EACCES)
  return new TraceFailure(
    isDenied ? 'PermissionDenied' : 'AttachFailed',
    wanted === 'Auto'
      ? `no attach mode worked (${tried})`
      : `${wanted} mode could not be attached (${tried})`,
    isDenied
      ? 'Check capabilities, seccomp and kernel.perf_event_paranoid; `tracejob doctor` looks at each.'
      : 'Leave spec.attachMode at Auto; `tracejob doctor` says what this machine can do.',
    { detail },
  )
}

function isVerifierRefusal(error: Refusal['error']): boolean {
  return (
    error.verifierLog.includes('processed ') &&
    (error.errno === EACCES || error.errno === EINVAL || error.errno === EPERM || error.errno === 7)
  )
}

const MEANINGS: Record<number, string> = {
  [EPERM]: 'refused by this kernel (EPERM)',
  [ENOENT]: 'not in this kernel (ENOENT)',
  [ESRCH]: 'no such function (ESRCH)',
  // The verifier gives up when a signal is pending; libbpf has tried five times by then.
  11: 'interrupted by signals again and again (EAGAIN)',
  [EACCES]: 'denied (EACCES)',
  [EINVAL]: 'not supported here (EINVAL)',
  95: 'not supported here (EOPNOTSUPP)',
  524: 'not supported on this architecture (ENOTSUPP)',
}

/** A kernel's errno in people's words. */
export function explain(errno: number): string {
  return MEANINGS[errno] ?? `errno ${errno}`
}

/** The verifier's complaint is the line before its closing statistics. */
function verdict(log: string): string {
  const lines = log.trimEnd().split('\n')
  const end = lines.findLastIndex(line => line.startsWith('processed '))
  return lines[end - 1] ?? lines.at(-1) ?? ''
}

function words(plan: ModePlan, error: Refusal['error']): string {
  const log = error.verifierLog.trimEnd().split('\n').slice(-VERIFIER_TAIL_LINES)
  // libbpf takes every EPERM for a small memory limit.
  const detail = error.detail.split('\n').filter(line => !line.includes('ulimit -l'))
  return [`${plan.by}: ${error.message}`, ...detail, ...log].filter(Boolean).join('\n')
}
