import { describe, expect, test } from 'vitest'
import { FAILURE_REASONS } from '../crds/reasons.ts'
import { explain, libbpfMissing, obstacle, type Refusal, refusal } from './diagnose.ts'
import type { TraceFailure } from './failure.ts'
import type { KernelFacts } from './kernel.ts'
import { type ModePlan, plans } from './modes.ts'

const EPERM = 1
const ENOENT = 2
const ESRCH = 3
const EACCES = 13
const EINVAL = 22
const EOPNOTSUPP = 95
const ENOTSUPP = 524

function aKernel(changed: Partial<KernelFacts> = {}): KernelFacts {
  return {
    release: '6.12.117+deb13-cloud-amd64',
    machine: 'x86_64',
    preemption: 'voluntary',
    hasBtf: true,
    hasTracefs: true,
    lockdown: 'none',
    isRoot: true,
    mayTrace: true,
    ...changed,
  }
}

const [FEXIT, MULTI, KPROBE, TRACEPOINT] = plans('Auto', 'none', ['do_filp_open']) as [
  ModePlan,
  ModePlan,
  ModePlan,
  ModePlan,
]

function refused(plan: ModePlan, errno: number, verifierLog = ''): Refusal {
  const error = { message: `bpf_object__load: errno ${errno}`, errno, detail: 'libbpf: no luck', verifierLog }
  return { plan, error }
}

const VERIFIER_LOG = [
  ...Array.from({ length: 40 }, (_, i) => `${i}: (b7) r${i % 10} = 0`),
  '40: (79) r1 = *(u64 *)(r2 +8)',
  "R2 invalid mem access 'scalar'",
  'processed 41 insns (limit 1000000) max_states_per_insn 0 total_states 1 peak_states 1 mark_read 1',
  '',
].join('\n')

/** A person is told in one line what is wrong, and what to do. */
function expectReadable({ message, advice, reason }: TraceFailure): void {
  expect(FAILURE_REASONS).toHaveProperty(reason)
  expect(message).toMatch(/^[^\n]{20,300}$/)
  expect(message).not.toMatch(/[.\s]$/)
  expect(advice).toMatch(/^[A-Z][^\n]{10,200}\.$/)
}

describe('before anything is tried', () => {
  test('nothing stands in the way of a good machine', () => {
    expect(obstacle(aKernel())).toBeUndefined()
    expect(obstacle(aKernel({ lockdown: 'integrity' }))).toBeUndefined()
    expect(obstacle(aKernel({ isRoot: false }))).toBeUndefined()
    expect(obstacle(aKernel({ lockdown: undefined, hasTracefs: false }))).toBeUndefined()
  })

  test.each<[string, Partial<KernelFacts>, string, RegExp, RegExp]>([
    ['a user', { mayTrace: false, isRoot: false }, 'PermissionDenied', /only root/, /sudo/],
    [
      'a root without capabilities',
      { mayTrace: false },
      'PermissionDenied',
      /lacks/,
      /CAP_BPF and CAP_PERFMON/,
    ],
    ['lockdown', { lockdown: 'confidentiality' }, 'KernelLockdown', /locked down/, /lockdown=integrity/],
    ['a kernel without BTF', { hasBtf: false }, 'BtfMissing', /vmlinux/, /CONFIG_DEBUG_INFO_BTF/],
    [
      'all at once',
      { mayTrace: false, isRoot: false, hasBtf: false, lockdown: 'confidentiality' },
      'PermissionDenied',
      /only root/,
      /sudo/,
    ],
  ])('%s is told as what it is', (_, facts, reason, message, advice) => {
    const failure = obstacle(aKernel(facts))!
    expectReadable(failure)
    expect(failure).toMatchObject({ reason, message: expect.stringMatching(message) })
    expect(failure.advice).toMatch(advice)
  })

  test('a missing libbpf is told with its cause', () => {
    const cause = new Error('libbpf.so.1: cannot open shared object file')
    const failure = libbpfMissing(cause)
    expectReadable(failure)
    expect(failure).toMatchObject({ reason: 'LibbpfMissing', cause })
  })
})

describe('when no mode was taken', () => {
  const all = (...errnos: [number, number, number, number]) =>
    [FEXIT, MULTI, KPROBE, TRACEPOINT].map((plan, i) => refused(plan, errnos[i]!))

  test.each<
    [string, 'Auto' | 'Fexit' | 'Kprobe' | 'Tracepoint', Refusal[], Partial<KernelFacts>, string, RegExp]
  >([
    [
      'a verdict of the verifier before all else',
      'Auto',
      [refused(FEXIT, EACCES, VERIFIER_LOG), refused(MULTI, EOPNOTSUPP), refused(TRACEPOINT, ENOENT)],
      {},
      'VerifierRejected',
      /verifier rejected the fexit program: R2 invalid mem access 'scalar'$/,
    ],
    [
      'a program that is too large as such a verdict',
      'Fexit',
      [refused(FEXIT, 7, `BPF program is too large. Processed 1000001 insn\n${VERIFIER_LOG}`)],
      {},
      'VerifierRejected',
      /R2 invalid/,
    ],
    [
      'a missing tracefs',
      'Tracepoint',
      [refused(TRACEPOINT, ENOENT)],
      { hasTracefs: false },
      'TracefsMissing',
      /tracefs is not mounted/,
    ],
    [
      'a missing tracefs as the last way out of Auto',
      'Auto',
      all(EOPNOTSUPP, EOPNOTSUPP, EINVAL, ENOENT),
      { hasTracefs: false },
      'TracefsMissing',
      /fexit: not supported here \(EOPNOTSUPP\); kprobe\.multi/,
    ],
    [
      'a function that is not there',
      'Fexit',
      [refused(FEXIT, ESRCH)],
      {},
      'SymbolMissing',
      /nothing to attach Fexit mode to/,
    ],
    [
      'a function that is not there, asked both ways',
      'Kprobe',
      [refused(MULTI, ENOENT), refused(KPROBE, ENOENT)],
      {},
      'SymbolMissing',
      /kprobe\.multi: not in this kernel \(ENOENT\); kprobe: not in/,
    ],
    [
      'a way that is not supported',
      'Fexit',
      [refused(FEXIT, ENOTSUPP)],
      {},
      'AttachFailed',
      /Fexit mode could not be attached/,
    ],
    ['an errno nobody foresaw', 'Fexit', [refused(FEXIT, 12)], {}, 'AttachFailed', /fexit: errno 12/],
    [
      'denial of everything',
      'Auto',
      all(EPERM, EPERM, EACCES, EACCES),
      {},
      'PermissionDenied',
      /no attach mode worked/,
    ],
    [
      'denial among other causes',
      'Auto',
      all(EPERM, EOPNOTSUPP, EINVAL, EPERM),
      {},
      'AttachFailed',
      /no attach mode worked/,
    ],
    [
      'a kernel with nothing at all',
      'Auto',
      all(ENOENT, ENOENT, ENOENT, ENOENT),
      {},
      'AttachFailed',
      /no attach mode worked/,
    ],
  ])('%s is told', (_, wanted, refusals, facts, reason, message) => {
    const failure = refusal(wanted, aKernel(facts), refusals)
    expectReadable(failure)
    expect(failure.reason).toBe(reason)
    expect(failure.message).toMatch(message)
    for (const { plan } of refusals) expect(failure.detail).toContain(`${plan.by}: bpf_object__load: errno`)
  })

  test('the words of libbpf and the last ones of the verifier are kept', () => {
    const { detail } = refusal('Fexit', aKernel(), [refused(FEXIT, EACCES, VERIFIER_LOG)])
    expect(detail).toContain('libbpf: no luck')
    expect(detail).toContain("R2 invalid mem access 'scalar'\nprocessed 41 insns")
    expect(detail!.split('\n')).toHaveLength(22)
    expect(detail).not.toContain('\n5: (b7)')
  })

  test('a verifier that said nothing is no verdict', () => {
    expect(refusal('Fexit', aKernel(), [refused(FEXIT, EINVAL)]).reason).toBe('AttachFailed')
  })
})

test.each([
  [EPERM, 'refused by this kernel (EPERM)'],
  [ENOTSUPP, 'not supported on this architecture (ENOTSUPP)'],
  [999, 'errno 999'],
])('errno %d means %s', (errno, words) => {
  expect(explain(errno)).toBe(words)
})
