/** What a probe is called in reports. Pure. */
import type { ModePlan, Probe } from './modes.ts'

const FUNCTIONS: Record<string, string> = {
  outer_fexit: 'do_sys_openat2',
  filp_fexit: 'do_filp_open',
  file_fexit: 'do_file_open',
  handle_fexit: 'do_handle_open',
}

/** As bpf's section names have it: fexit/do_sys_openat2, tracepoint/syscalls/sys_exit_openat, kretprobe.multi/… */
export function hookName(plan: ModePlan, { program, hook }: Probe): string {
  switch (hook.by) {
    case 'trace':
      return `${plan.by}/${FUNCTIONS[program] ?? program}`
    case 'tracepoint':
      return `tracepoint/${hook.category}/${hook.event}`
    default:
      return `${hook.atReturn ? hook.by.replace('kprobe', 'kretprobe') : hook.by}/${hook.symbol}`
  }
}
