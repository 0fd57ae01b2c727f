import type { Facts, Finding } from './examination.ts'

/** What of the kernel and its settings bears on a trace; one function per setting, undefined where there is nothing to say. */

export function kernel({ kernel: { release, machine, preemption } }: Facts): Finding {
  const about = 'kernel'
  const text = `${release} on ${machine}, preemption ${preemption}`
  if (olderThan(release, 5, 8)) {
    return {
      about,
      verdict: 'lack',
      text,
      advice: 'Boot Linux 5.8 or later; 5.10 is the oldest that is tested.',
    }
  }
  if (preemption !== 'full' && preemption !== 'lazy') return { about, verdict: 'ok', text }
  // Measured: 9-32 % of the runs of fexit and tracepoint programs, 0 of kprobe.multi.
  const advice =
    'Preempted, the kernel skips runs of Fexit and Tracepoint probes. They are counted as lost; ' +
    'attachMode Auto prefers Kprobe here, which loses none. Booting with preempt=voluntary ends it.'
  return { about, verdict: 'note', text, advice }
}

export function btf({ btf }: Facts): Finding {
  if (btf) return { about: 'BTF', verdict: 'ok', text: '/sys/kernel/btf/vmlinux' }
  return {
    about: 'BTF',
    verdict: 'lack',
    text: 'the kernel does not describe its own types (/sys/kernel/btf/vmlinux is missing)',
    advice: "Boot a kernel built with CONFIG_DEBUG_INFO_BTF=y, as those of today's distributions are.",
  }
}

export function tracefs({ tracefs, uid }: Facts): Finding {
  if (tracefs) return { about: 'tracefs', verdict: 'ok', text: 'mounted' }
  if (uid !== 0) return { about: 'tracefs', verdict: 'note', text: 'not to be seen without root' }
  const advice = 'Mount it: mount -t tracefs tracefs /sys/kernel/tracing'
  return { about: 'tracefs', verdict: 'lack', text: 'not mounted; tracepoints are found by it', advice }
}

export function lockdown({ lockdown }: Facts): Finding {
  const about = 'lockdown'
  if (lockdown === null)
    return { about, verdict: 'ok', text: 'this kernel has none, or securityfs is not mounted' }
  if (lockdown !== 'confidentiality') return { about, verdict: 'ok', text: lockdown }
  return {
    about,
    verdict: 'lack',
    text: 'confidentiality: the kernel refuses to let BPF read its memory',
    advice: 'Boot with lockdown=integrity, or without Secure Boot where that asks for it.',
  }
}

export function paranoid({ perfEventParanoid: level, capabilities }: Facts): Finding | undefined {
  if (level === null) return
  const about = 'perf_event_paranoid'
  // Above 2 is a distribution's own patch, which asks for the whole of CAP_SYS_ADMIN.
  if (level <= 2 || capabilities.includes('CAP_SYS_ADMIN'))
    return { about, verdict: 'ok', text: String(level) }
  const advice = 'Run with CAP_SYS_ADMIN, or set it: sysctl kernel.perf_event_paranoid=2'
  return { about, verdict: 'lack', text: `${level}: perf buffers need CAP_SYS_ADMIN`, advice }
}

export function unprivilegedBpf({ unprivilegedBpfDisabled: level }: Facts): Finding | undefined {
  if (level === null) return
  const text =
    level === 0 ? '0: everyone may load (a few kinds of) BPF' : `${level}: only the privileged may load BPF`
  return { about: 'unprivileged_bpf_disabled', verdict: 'ok', text }
}

export function cgroups({ cgroup }: Facts): Finding {
  if (cgroup === 'v2') return { about: 'cgroups', verdict: 'ok', text: 'v2' }
  if (cgroup === 'hybrid') return { about: 'cgroups', verdict: 'ok', text: 'v1, with v2 beside it' }
  return {
    about: 'cgroups',
    verdict: 'note',
    text: cgroup === 'v1' ? 'v1 only' : 'not mounted',
    advice: 'On a cluster node, pods are told apart by cgroup v2; a trace of the whole machine needs none.',
  }
}

/** Whether a release like `5.10.0-30-amd64` is older than the version. */
export function olderThan(release: string, major: number, minor: number): boolean {
  const [, a, b] = /^(\d+)\.(\d+)/.exec(release) ?? []
  return a !== undefined && (Number(a) < major || (Number(a) === major && Number(b) < minor))
}
