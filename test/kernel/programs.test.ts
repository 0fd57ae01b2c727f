import { join } from 'node:path'
import { beforeAll, test } from 'vitest'
import { Command, TRACEJOB } from './command.ts'
import { type Ground, ground } from './ground.ts'
import { expectRefused, type Refused } from './refused.ts'
import { checkoutWith } from './surroundings.ts'

let here: Ground
beforeAll(async () => {
  here = await ground()
  return () => here[Symbol.asyncDispose]()
})

// Each has a checkout of its own, in which the C is wrong.
test.each<[string, RegExp, string, Omit<Refused, 'command'>]>([
  [
    'a C error',
    /$/,
    '\nint broken(void) { return no_such_name; }\n',
    {
      reason: 'CompileFailed',
      says: /clang rejected openat\.bpf\.c: openat\.bpf\.c:\d+:\d+: error: use of undeclared identifier 'no_such_name'/,
      shows: /^ +\d+ \| int broken\(void\) \{ return no_such_name; \}$/m,
    },
  ],
  [
    'a verifier refusal',
    /(?<=int open_exit\(.*\)\n\{)/,
    '\n\t(void)*(volatile char *)((char *)ctx + 9000);',
    {
      words: ['--attach-mode', 'Tracepoint'],
      reason: 'VerifierRejected',
      says: /the kernel's verifier rejected the tracepoint program: invalid bpf_context access off=9000/,
      shows: /^ +invalid bpf_context access off=9000 size=1\n +processed \d+ insns/m,
    },
  ],
  [
    'a kernel without the symbol',
    /do_sys_openat2(?="\))/g,
    'do_sys_openat0',
    {
      words: ['--attach-mode', 'Fexit'],
      reason: 'SymbolMissing',
      says: /this kernel offers nothing to attach Fexit mode to .*\. Leave spec\.attachMode at Auto/,
      shows: /do_sys_openat0/,
    },
  ],
])('%s', async (name, right, wrong, refused) => {
  const checkout = join(await here.place(name), 'checkout')
  await expectRefused(here, name, { command: [await checkoutWith(checkout, right, wrong)], ...refused })
})

test('an attach mode that this kernel does not take', async context => {
  await using doctor = new Command([TRACEJOB, 'doctor', '--json'], {
    env: { TRACEJOB_CACHE_DIR: here.cacheDir },
  })
  await doctor.ended
  const trials: { mode: string; ok: boolean }[] = JSON.parse(doctor.stdout).facts.modes
  const able = trials.filter(({ ok }) => ok).map(({ mode }) => mode)
  const unable = ['Fexit', 'Kprobe'].filter(mode => !able.includes(mode))
  if (unable.length === 0) context.skip('this kernel takes every attach mode')
  for (const mode of unable) {
    await expectRefused(here, mode, {
      command: [TRACEJOB],
      words: ['--attach-mode', mode],
      reason: 'AttachFailed',
      says: new RegExp(`${mode} mode could not be attached \\(.*\\)\\. Leave spec\\.attachMode at Auto`),
      shows: /libbpf: prog '\w+': /,
    })
  }
})
