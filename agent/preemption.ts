/** Whether this kernel may preempt a running BPF program: it decides which mode loses least. Pure. */

export type Preemption = 'none' | 'voluntary' | 'full' | 'lazy' | 'unknown'

export interface PreemptionFacts {
  /** /sys/kernel/debug/sched/preempt, where debugfs lets us. */
  schedPreempt?: string
  /** /proc/cmdline */
  commandLine: string
  /** The kernel's build configuration, where it is to be had. */
  config?: string
  /** uname -v */
  version: string
}

const MODELS = ['none', 'voluntary', 'full', 'lazy'] as const
const CONFIG: [string, Preemption][] = [
  ['CONFIG_PREEMPT_RT', 'full'],
  ['CONFIG_PREEMPT_LAZY', 'lazy'],
  ['CONFIG_PREEMPT', 'full'],
  ['CONFIG_PREEMPT_VOLUNTARY', 'voluntary'],
  ['CONFIG_PREEMPT_NONE', 'none'],
]

/** The live setting where it can be read, else the boot parameter, the build's default, the version. */
export function preemptionOf(facts: PreemptionFacts): Preemption {
  // "none voluntary (full) lazy": the one in force is in parentheses.
  const live = /\((\w+)\)/.exec(facts.schedPreempt ?? '')?.[1]
  const booted = /(?:^|\s)preempt=(\w+)/.exec(facts.commandLine)?.[1]
  for (const word of [live, booted]) {
    const model = MODELS.find(model => model === word)
    if (model) return model
  }
  for (const [option, model] of CONFIG) {
    if (new RegExp(`^${option}=y$`, 'm').test(facts.config ?? '')) return model
  }
  if (/\bPREEMPT_RT\b/.test(facts.version)) return 'full'
  if (/\bPREEMPT_LAZY\b/.test(facts.version)) return 'lazy'
  if (/\bPREEMPT\b/.test(facts.version)) return 'full'
  return /\bPREEMPT_DYNAMIC\b/.test(facts.version) ? 'unknown' : 'none'
}
