import { describe, expect, test } from 'vitest'
import { effectiveCapabilities } from './capabilities.ts'
import { canTrace, findings } from './doctor.ts'
import { doctorText } from './doctor-text.ts'
import type { Facts } from './examination.ts'
import { aMachine } from './fixtures.ts'
import { paint } from './paint.ts'

const NO_MODE: Facts['modes'] = [{ mode: 'Fexit', by: 'fexit', ok: false, probes: [], problem: 'refused' }]

/** The findings that are not ok on a machine where nothing attaches. */
function troubles(changed: Partial<Facts>) {
  return findings(aMachine({ modes: NO_MODE, ...changed }))
    .filter(({ verdict, about }) => verdict !== 'ok' && about !== 'Fexit')
    .map(({ verdict, about, advice }) => `${verdict} ${about}: ${advice}`)
}

describe('each lack comes with what to do', () => {
  test.each<[string, Partial<Facts>, string]>([
    ['not root', { uid: 1000, capabilities: [] }, 'lack privileges: Run it as root: sudo tracejob …'],
    [
      'a restricted root',
      { capabilities: ['CAP_PERFMON'] },
      'lack privileges: This root is a restricted one',
    ],
    ['no BTF', { btf: false }, 'lack BTF: Boot a kernel built with CONFIG_DEBUG_INFO_BTF=y'],
    [
      'no tracefs',
      { tracefs: false },
      'lack tracefs: Mount it: mount -t tracefs tracefs /sys/kernel/tracing',
    ],
    ['lockdown', { lockdown: 'confidentiality' }, 'lack lockdown: Boot with lockdown=integrity'],
    ['no clang', { clang: null }, 'lack clang: Install it: apt-get install clang'],
    ['no libbpf', { libbpf: null }, 'lack libbpf: Install it: apt-get install libbpf1'],
    ['no cgroup v2', { cgroup: 'v1' }, 'note cgroups: On a cluster node'],
    [
      'a paranoid kernel',
      { perfEventParanoid: 3, capabilities: ['CAP_BPF', 'CAP_PERFMON'] },
      'lack perf_event_paranoid: Run with CAP_SYS_ADMIN, or set it: sysctl kernel.perf_event_paranoid=2',
    ],
    [
      'an old kernel',
      { kernel: { release: '5.4.0', machine: 'x86_64', preemption: 'none' }, lockedMemoryBytes: null },
      'lack kernel: Boot Linux 5.8 or later',
    ],
    [
      'a kernel that preempts its probes',
      { kernel: { release: '7.2.13', machine: 'x86_64', preemption: 'lazy' } },
      'note kernel: Preempted, the kernel skips runs',
    ],
    [
      'little locked memory, where the kernel charges maps to it',
      {
        kernel: { release: '5.10.0-30-amd64', machine: 'x86_64', preemption: 'voluntary' },
        lockedMemoryBytes: 65_536,
      },
      'lack locked memory: Raise it with "ulimit -l unlimited"',
    ],
  ])('%s', (_, changed, wanted) => {
    const found = troubles(changed)
    expect(found).toHaveLength(1)
    expect(found[0].slice(0, wanted.length)).toBe(wanted)
  })

  test.each<[string, Partial<Facts>]>([
    ['CAP_BPF and CAP_PERFMON are as good as root', { uid: 1000, capabilities: ['CAP_BPF', 'CAP_PERFMON'] }],
    ['lockdown=integrity forbids nothing a trace needs', { lockdown: 'integrity' }],
    ['CAP_SYS_ADMIN overrides a paranoid kernel', { perfEventParanoid: 4 }],
  ])('%s', (_, changed) => {
    expect(troubles(changed)).toEqual([])
  })
})

describe('the verdict is that of the trial', () => {
  test('one mode is enough, and what it got along without is no lack', () => {
    const facts = aMachine({ tracefs: false })
    expect(canTrace(facts)).toBe(true)
    expect(findings(facts).map(({ verdict }) => verdict)).not.toContain('lack')
  })

  test.each<[string, Facts['modes'], string]>([
    ['none attaches', NO_MODE, 'refused'],
    [
      'none could be tried',
      { untried: 'libbpf.so.1 can not be loaded', advice: 'Install it.' },
      'not tried: libbpf',
    ],
  ])('%s: no trace', (_, modes, words) => {
    const facts = aMachine({ modes })
    expect(canTrace(facts)).toBe(false)
    expect(findings(facts).at(-1)).toMatchObject({ verdict: 'lack', text: expect.stringContaining(words) })
  })
})

test('the examination as people read it', () => {
  const text = (facts: Facts) => doctorText(facts, findings(facts), paint(false))
  expect(text(aMachine())).toContain('ok    BTF                        /sys/kernel/btf/vmlinux\n')
  expect(text(aMachine())).toMatch(
    /note {2}Kprobe by kprobe\.multi +no kprobes here\n +→ Needs a kernel with CONFIG_FPROBE/,
  )
  expect(text(aMachine())).toMatch(/\n\nThis machine can trace, by Fexit\.\n$/)
  expect(text(aMachine({ modes: NO_MODE, btf: false }))).toMatch(
    /can not trace now: see BTF, Fexit above\.\n$/,
  )
})

test.each([
  ['CapEff:\t000001ffffffffff', 7],
  ['CapPrm:\t000001ffffffffff\nCapEff:\t0000000000000000', 0],
  ['', 0],
])('of %j, %d capabilities matter', (status, number) => {
  expect(effectiveCapabilities(status)).toHaveLength(number)
})

test('capabilities are told by their bits', () => {
  expect(effectiveCapabilities('CapEff:\t0000008000200000')).toEqual(['CAP_SYS_ADMIN', 'CAP_BPF'])
})
