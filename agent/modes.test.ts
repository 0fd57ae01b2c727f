import { describe, expect, test } from 'vitest'
import { kernelFunctionsAsked, type ModePlan, type Probe, plans } from './modes.ts'
import type { Preemption } from './preemption.ts'
import { hookName } from './probe-names.ts'

const ALL: readonly Preemption[] = ['none', 'voluntary', 'full', 'lazy', 'unknown']
const WAYS = ['Fexit', 'Kprobe', 'Tracepoint', 'Auto'] as const
const KERNELS: [string, string[]][] = [
  ['of 5.10 to 6.12', ['do_sys_openat2', 'do_filp_open']],
  ['of 7.x', ['do_sys_openat2', 'do_file_open']],
  ['with neither core', ['do_sys_openat2']],
  ['without BTF to tell', []],
]

const ways = (all: ModePlan[]) => all.map(({ by }) => by)

describe('the order under Auto', () => {
  test.each<[Preemption, string[]]>([
    ['none', ['fexit', 'kprobe.multi', 'kprobe', 'tracepoint']],
    ['voluntary', ['fexit', 'kprobe.multi', 'kprobe', 'tracepoint']],
    ['unknown', ['kprobe.multi', 'fexit', 'kprobe', 'tracepoint']],
    ['full', ['kprobe.multi', 'fexit', 'kprobe', 'tracepoint']],
    ['lazy', ['kprobe.multi', 'fexit', 'kprobe', 'tracepoint']],
  ])('under %s preemption begins with what loses least', (preemption, wanted) => {
    expect(ways(plans('Auto', preemption, ['do_filp_open']))).toEqual(wanted)
  })
})

test.each([
  ['Fexit', ['fexit']],
  ['Kprobe', ['kprobe.multi', 'kprobe']],
  ['Tracepoint', ['tracepoint']],
] as const)('a job that asks for %s gets nothing else', (mode, wanted) => {
  for (const preemption of ALL) {
    const all = plans(mode, preemption, ['do_filp_open'])
    expect(ways(all)).toEqual(wanted)
    expect(all.every(plan => plan.mode === mode)).toBe(true)
  }
})

describe.each(KERNELS)('on a kernel %s', (_, functions) => {
  const all = WAYS.flatMap(way => plans(way, 'voluntary', functions))

  test('only functions that it has are probed, the outer one always', () => {
    for (const { probes } of all) {
      const symbols = probes.flatMap(({ hook }) => ('symbol' in hook ? [hook.symbol] : []))
      expect(symbols.every(symbol => symbol === 'do_sys_openat2' || functions.includes(symbol))).toBe(true)
      const cores = probes.filter(({ role }) => role === 'core')
      const isTracepoint = probes.some(({ hook }) => hook.by === 'tracepoint')
      const hasCore = functions.some(name => name !== 'do_sys_openat2')
      expect(cores.length > 0).toBe(hasCore && !isTracepoint)
    }
  })

  test('what ends an open is attached before what starts one', () => {
    for (const { probes } of all) {
      const isEnd = (probe: Probe) =>
        probe.hook.by === 'trace' ||
        (probe.hook.by === 'tracepoint' ? probe.hook.event.includes('_exit_') : probe.hook.atReturn)
      for (const [at, probe] of probes.entries()) {
        if (isEnd(probe)) continue
        const symbol = 'symbol' in probe.hook && probe.hook.symbol
        const itsEnd = probes.findIndex(
          ({ hook }) => 'symbol' in hook && hook.symbol === symbol && hook.atReturn,
        )
        expect(itsEnd).toBeGreaterThanOrEqual(0)
        expect(itsEnd).toBeLessThan(at)
      }
      // The core must be there before the calls that count on it.
      const lastCore = probes.findLastIndex(({ role }) => role === 'core')
      expect(probes.findIndex(({ role }) => role !== 'core')).toBe(lastCore + 1)
      // With the entry of a call everything begins.
      const entry = probes.findIndex(({ role }) => role === 'entry')
      if (entry >= 0) expect(entry).toBe(probes.length - 1)
    }
  })

  test('a mode is tried by an empty program where loading the real one takes long', () => {
    for (const { by, scout } of all) {
      expect(scout?.program).toBe(
        { fexit: 'scout_fexit', kprobe: 'scout_kprobe', 'kprobe.multi': 'scout_multi' }[by],
      )
      if (scout && 'symbol' in scout.hook) expect(scout.hook).toMatchObject({ symbol: 'do_sys_openat2', by })
    }
  })
})

test('only calls that a kernel may lack are optional', () => {
  const [{ probes }] = plans('Tracepoint', 'none', []) as [ModePlan]
  expect(probes.filter(({ optional }) => !optional).map(({ hook }) => 'event' in hook && hook.event)).toEqual(
    ['sys_exit_openat'],
  )
  const others = [...plans('Fexit', 'none', ['do_filp_open']), ...plans('Kprobe', 'none', ['do_filp_open'])]
  expect(others.flatMap(plan => plan.probes).every(({ optional }) => !optional)).toBe(true)
})

test('the kernel is asked for each function that a plan may name', () => {
  expect(kernelFunctionsAsked).toEqual(['do_sys_openat2', 'do_filp_open', 'do_file_open', 'do_handle_open'])
})

test.each([
  ['Fexit', ['do_filp_open'], ['fexit/do_filp_open', 'fexit/do_sys_openat2']],
  ['Fexit', ['do_file_open'], ['fexit/do_file_open', 'fexit/do_sys_openat2']],
  [
    'Fexit',
    ['do_filp_open', 'do_handle_open'],
    ['fexit/do_filp_open', 'fexit/do_sys_openat2', 'fexit/do_handle_open'],
  ],
  ['Fexit', [], ['fexit/do_sys_openat2']],
  [
    'Kprobe',
    ['do_filp_open'],
    [
      'kretprobe.multi/do_filp_open',
      'kprobe.multi/do_filp_open',
      'kretprobe.multi/do_sys_openat2',
      'kprobe.multi/do_sys_openat2',
      'kretprobe/do_filp_open',
      'kprobe/do_filp_open',
      'kretprobe/do_sys_openat2',
      'kprobe/do_sys_openat2',
    ],
  ],
  [
    'Tracepoint',
    [],
    [
      'tracepoint/syscalls/sys_exit_open',
      'tracepoint/syscalls/sys_exit_openat',
      'tracepoint/syscalls/sys_exit_openat2',
      'tracepoint/syscalls/sys_exit_creat',
      'tracepoint/syscalls/sys_exit_open_by_handle_at',
    ],
  ],
] as const)('reports call the probes of %s on a kernel with %s so', (mode, functions, names) => {
  const all = plans(mode, 'none', functions)
  expect(all.flatMap(plan => plan.probes.map(probe => hookName(plan, probe)))).toEqual(names)
})
