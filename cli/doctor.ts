import type { Capability } from './capabilities.ts'
import type { Facts, Finding } from './examination.ts'
import {
  btf,
  cgroups,
  kernel,
  lockdown,
  olderThan,
  paranoid,
  tracefs,
  unprivilegedBpf,
} from './kernel-rules.ts'

/** The examination: what the facts mean for a trace, in the order it is read. */
export function findings(facts: Facts): Finding[] {
  const all = [
    kernel(facts),
    privileges(facts),
    lockedMemory(facts),
    btf(facts),
    tracefs(facts),
    lockdown(facts),
    paranoid(facts),
    unprivilegedBpf(facts),
    clang(facts),
    libbpf(facts),
    cgroups(facts),
    ...attachModes(facts),
  ].filter(finding => finding !== undefined)
  if (!canTrace(facts)) return all
  // The trial is surer than any rule: what it got along without is no lack.
  return all.map(finding => (finding.verdict === 'lack' ? { ...finding, verdict: 'note' } : finding))
}

/** Whether at least one attach mode really attached. */
export function canTrace({ modes }: Facts): boolean {
  return Array.isArray(modes) && modes.some(({ ok }) => ok)
}

function privileges({ uid, capabilities }: Facts): Finding {
  const about = 'privileges'
  const who = uid === 0 ? 'root' : `user ${uid}`
  const has = (name: Capability) => capabilities.includes(name)
  const held = capabilities.length > 0 ? `with ${capabilities.join(', ')}` : 'without capabilities'
  if (has('CAP_SYS_ADMIN') || (has('CAP_BPF') && has('CAP_PERFMON'))) {
    return { about, verdict: 'ok', text: `${who}, ${held}` }
  }
  const advice =
    uid === 0
      ? 'This root is a restricted one (a container?): grant it CAP_BPF and CAP_PERFMON, or run on the host.'
      : 'Run it as root: sudo tracejob …'
  return { about, verdict: 'lack', text: `${who}, ${held}`, advice }
}

function lockedMemory({ kernel: { release }, capabilities, lockedMemoryBytes }: Facts): Finding | undefined {
  // Since 5.11 BPF memory is charged to the memory cgroup and no longer to this limit.
  if (!olderThan(release, 5, 11) || lockedMemoryBytes === null || capabilities.includes('CAP_SYS_RESOURCE'))
    return
  if (lockedMemoryBytes >= 128 * 2 ** 20) return
  return {
    about: 'locked memory',
    verdict: 'lack',
    text: `limited to ${lockedMemoryBytes} bytes, which this kernel charges BPF maps to`,
    advice: 'Raise it with "ulimit -l unlimited", or grant CAP_SYS_RESOURCE.',
  }
}

function clang({ clang }: Facts): Finding {
  if (clang) return { about: 'clang', verdict: 'ok', text: `${clang.version} (${clang.path})` }
  const advice = 'Install it: apt-get install clang, or dnf install clang (11 or later).'
  return {
    about: 'clang',
    verdict: 'lack',
    text: 'not found in PATH; probes are compiled on the node',
    advice,
  }
}

function libbpf({ libbpf }: Facts): Finding {
  if (libbpf) return { about: 'libbpf', verdict: 'ok', text: `${libbpf.version} (${libbpf.path})` }
  const advice = 'Install it: apt-get install libbpf1, or dnf install libbpf.'
  return { about: 'libbpf', verdict: 'lack', text: 'not found where shared libraries lie', advice }
}

function attachModes(facts: Facts): Finding[] {
  const { modes } = facts
  if (!Array.isArray(modes)) {
    const { untried, advice } = modes
    return [
      { about: 'attach modes', verdict: 'lack', text: `not tried: ${untried}`, ...(advice && { advice }) },
    ]
  }
  return modes.map(({ mode, by, ok, probes, problem }) => {
    const about = by === mode.toLowerCase() ? mode : `${mode} by ${by}`
    if (ok) return { about, verdict: 'ok', text: `attaches: ${probes.join(', ')}` }
    return {
      about,
      verdict: 'lack',
      text: problem ?? 'does not attach',
      advice: NEEDS[by] ?? 'Take another mode.',
    }
  })
}

/** What a kernel must have been built with for each way of attaching. */
const NEEDS: Record<string, string> = {
  fexit: 'Needs a kernel with CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS.',
  'kprobe.multi': 'Needs a kernel with CONFIG_FPROBE (Linux 5.18 or later).',
  kprobe: 'Needs a kernel with CONFIG_KPROBES.',
  tracepoint: 'Needs a kernel with CONFIG_FTRACE_SYSCALLS, and tracefs mounted.',
}
