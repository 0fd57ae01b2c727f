import { describe, expect, test } from 'vitest'
import { COVERED_CALLS } from '../crds/calls.ts'
import { coverageSchema } from '../crds/coverage.ts'
import { coverageOf } from './coverage.ts'
import { type ModePlan, plans } from './modes.ts'

const FEXIT = plans('Fexit', 'none', ['do_filp_open', 'do_handle_open'])[0]!
const KPROBE = plans('Kprobe', 'none', ['do_file_open'])[1]!
const TRACEPOINT = plans('Tracepoint', 'none', [])[0]!
const bare = (mode: 'Fexit' | 'Kprobe') => plans(mode, 'none', ['do_sys_openat2'])[0]!

/** As on arm64, where neither open nor creat is a system call. */
const withoutOldCalls = TRACEPOINT.probes.filter(
  ({ hook }) => !('event' in hook && /_(open|creat)$/.test(hook.event)),
)

const every: [string, ModePlan['probes'], string][] = ['x86_64', 'aarch64'].flatMap(machine =>
  [FEXIT, KPROBE, TRACEPOINT, bare('Fexit'), bare('Kprobe')].map(
    ({ by, probes }): [string, ModePlan['probes'], string] => [
      `${by} with ${probes.length} probes on ${machine}`,
      machine === 'aarch64' && by === 'tracepoint' ? withoutOldCalls : probes,
      machine,
    ],
  ),
)

describe.each(every)('%s', (_, probes, machine) => {
  const coverage = coverageOf(probes, machine)

  test('speaks of all nine ways to open a file, and of nothing else', () => {
    expect(Object.keys(coverage).toSorted()).toEqual([...COVERED_CALLS].toSorted())
    expect(coverageSchema.parse(coverage)).toEqual(coverage)
  })

  test('gives a reason for each that it does not see', () => {
    for (const call of Object.values(coverage))
      if (call!.state !== 'Traced') expect(call!.reason).toMatch(/^\S.{10,}$/)
  })
})

const states = (probes: ModePlan['probes'], machine = 'x86_64') => {
  const all = Object.entries(coverageOf(probes, machine))
  return all.flatMap(([call, coverage]) => (coverage?.state === 'Traced' ? [call] : []))
}

test.each([
  [
    'Fexit',
    FEXIT.probes,
    'x86_64',
    ['open', 'openat', 'openat2', 'creat', 'io_uring', 'exec', 'openByHandleAt', 'kernel', 'compat32'],
  ],
  [
    'Kprobe',
    KPROBE.probes,
    'x86_64',
    ['open', 'openat', 'openat2', 'creat', 'io_uring', 'exec', 'kernel', 'compat32'],
  ],
  [
    'Fexit without a core',
    bare('Fexit').probes,
    'x86_64',
    ['open', 'openat', 'openat2', 'creat', 'compat32'],
  ],
  [
    'Fexit on arm64',
    FEXIT.probes,
    'aarch64',
    ['openat', 'openat2', 'io_uring', 'exec', 'openByHandleAt', 'kernel', 'compat32'],
  ],
  ['Tracepoint', TRACEPOINT.probes, 'x86_64', ['open', 'openat', 'openat2', 'creat', 'openByHandleAt']],
  ['Tracepoint on arm64', withoutOldCalls, 'aarch64', ['openat', 'openat2', 'openByHandleAt']],
] as const)('%s sees exactly these', (_, probes, machine, calls) => {
  expect(states([...probes], machine)).toEqual(calls)
})

test('a call that the kernel lacks is unavailable, one that the mode misses is not traced', () => {
  const { open, exec } = coverageOf(withoutOldCalls, 'aarch64')
  expect([open!.state, exec!.state]).toEqual(['Unavailable', 'NotTraced'])
})
