/** The attach modes: which programs each needs, and in what order `Auto` tries them. Pure. */
import type { AttachMode } from '../crds/attach-mode.ts'
import type { Hook } from './native/object.ts'
import type { Preemption } from './preemption.ts'

export interface Probe {
  program: string
  hook: Hook
  /** `core` probes see every way of opening; the others one system call's end (or entry). */
  role: 'entry' | 'exit' | 'core'
  /** Goes without when the kernel has no such event (arm64 has neither open nor creat). */
  optional: boolean
}

export interface ModePlan {
  mode: AttachMode
  /** Said in reports: by fexit, kprobe, kprobe.multi or tracepoint. */
  by: string
  /** In the order of attaching: what ends an open before what starts one. */
  probes: Probe[]
  /** An empty program to try the way of attaching with, before one is loaded that takes a tenth of a second to verify. */
  scout?: Probe
}

const OUTER = 'do_sys_openat2'
/** do_filp_open was renamed on the way to 7.x. */
const CORES = { do_filp_open: 'filp_fexit', do_file_open: 'file_fexit' } as const
const BY_HANDLE = 'do_handle_open'
export const kernelFunctionsAsked = [OUTER, ...Object.keys(CORES), BY_HANDLE]
const TRACEPOINT_CALLS = ['open', 'openat', 'openat2', 'creat', 'open_by_handle_at'] as const

function fexit(core: keyof typeof CORES | undefined, hasHandles: boolean): ModePlan {
  const probe = (program: string, role: Probe['role']): Probe => ({
    program,
    hook: { by: 'trace' },
    role,
    optional: false,
  })
  const probes = [probe('outer_fexit', 'exit')]
  if (core) probes.unshift(probe(CORES[core], 'core'))
  if (hasHandles) probes.push(probe('handle_fexit', 'exit'))
  return { mode: 'Fexit', by: 'fexit', probes, scout: probe('scout_fexit', 'exit') }
}

function kprobe(by: 'kprobe' | 'kprobe.multi', core: string | undefined): ModePlan {
  const kind = by === 'kprobe' ? 'kprobe' : 'multi'
  const pair = (name: string, symbol: string, role: Probe['role'], entry: Probe['role']): Probe[] => [
    { program: `${name}_${kind}_return`, hook: { by, symbol, atReturn: true }, role, optional: false },
    { program: `${name}_${kind}`, hook: { by, symbol, atReturn: false }, role: entry, optional: false },
  ]
  const probes = pair('outer', OUTER, 'exit', 'entry')
  if (core) probes.unshift(...pair('core', core, 'core', 'core'))
  return { mode: 'Kprobe', by, probes, scout: { ...probes.at(-1)!, program: `scout_${kind}` } }
}

function tracepoint(): ModePlan {
  const probes = TRACEPOINT_CALLS.map(
    (call): Probe => ({
      program: 'open_exit',
      hook: { by: 'tracepoint', category: 'syscalls', event: `sys_exit_${call}` },
      role: 'exit',
      optional: call !== 'openat',
    }),
  )
  return { mode: 'Tracepoint', by: 'tracepoint', probes }
}

/**
 * What to try, in order, until one attaches.
 * @param functions those of `kernelFunctionsAsked` that the kernel has.
 */
export function plans(
  wanted: AttachMode | 'Auto',
  preemption: Preemption,
  functions: readonly string[],
): ModePlan[] {
  const core = (Object.keys(CORES) as (keyof typeof CORES)[]).find(name => functions.includes(name))
  const hasHandles = functions.includes(BY_HANDLE)
  const multi = kprobe('kprobe.multi', core)
  const single = kprobe('kprobe', core)
  switch (wanted) {
    case 'Fexit':
      return [fexit(core, hasHandles)]
    case 'Kprobe':
      return [multi, single]
    case 'Tracepoint':
      return [tracepoint()]
    case 'Auto':
      // A program that may be preempted makes the kernel skip others on its CPU (9-32 % of opens
      // measured): there kprobe.multi, which runs with preemption off, loses least.
      // Where nobody can tell, the safe order costs some nanoseconds an open.
      return preemption === 'full' || preemption === 'lazy' || preemption === 'unknown'
        ? [multi, fexit(core, hasHandles), single, tracepoint()]
        : [fexit(core, hasHandles), multi, single, tracepoint()]
  }
}
