import { join } from 'node:path'
import { beforeAll, test } from 'vitest'
import { TRACEJOB } from './command.ts'
import { type Ground, ground } from './ground.ts'
import { expectRefused, type Refused } from './refused.ts'
import {
  AS_NOBODY,
  afterMounting,
  libbpfFiles,
  pathWithoutClang,
  WITHOUT_CAPABILITIES,
} from './surroundings.ts'

let here: Ground
beforeAll(async () => {
  here = await ground()
  return () => here[Symbol.asyncDispose]()
})

test.each<[string, () => Refused]>([
  [
    'not root',
    () => ({
      command: [...AS_NOBODY, TRACEJOB],
      reason: 'PermissionDenied',
      says: /only root, or a process with the capabilities BPF and PERFMON, may trace\. Run it with sudo\.$/,
    }),
  ],
  [
    'root, but without its capabilities',
    () => ({
      command: [...WITHOUT_CAPABILITIES, TRACEJOB],
      reason: 'PermissionDenied',
      says: /lacks the capabilities BPF and PERFMON\. Grant CAP_BPF and CAP_PERFMON/,
    }),
  ],
  [
    'no BTF',
    () => ({
      command: [...afterMounting('mount -t tmpfs none /sys/kernel/btf'), TRACEJOB],
      reason: 'BtfMissing',
      says: /the kernel offers no BTF at \/sys\/kernel\/btf\/vmlinux.*CONFIG_DEBUG_INFO_BTF=y/,
    }),
  ],
  [
    'lockdown',
    () => ({
      command: [
        ...afterMounting(`mount -t tmpfs none /sys/kernel/security
          echo 'none integrity [confidentiality]' > /sys/kernel/security/lockdown`),
        TRACEJOB,
      ],
      reason: 'KernelLockdown',
      says: /the kernel is locked down \(confidentiality\).* Boot with lockdown=integrity or lower/,
    }),
  ],
  [
    'no tracefs',
    () => ({
      command: [
        ...afterMounting(`mount -t tmpfs none /sys/kernel/tracing
          if [ -d /sys/kernel/debug ]; then mount -t tmpfs none /sys/kernel/debug; fi`),
        TRACEJOB,
      ],
      words: ['--attach-mode', 'Tracepoint'],
      reason: 'TracefsMissing',
      says: /tracefs is not mounted.* Mount it: mount -t tracefs none \/sys\/kernel\/tracing\.$/,
      shows: /libbpf: .*sys_exit_\w+/,
    }),
  ],
  [
    'no libbpf',
    () => ({
      command: [
        ...afterMounting(
          libbpfFiles()
            .map(file => `mount --bind /dev/null ${file}`)
            .join('; '),
        ),
        TRACEJOB,
      ],
      reason: 'LibbpfMissing',
      says: /libbpf\.so\.1 can't be loaded\. Install libbpf 1\.x \(apt-get install libbpf1\)\.$/,
    }),
  ],
])('%s', async (name, refused) => {
  await expectRefused(here, name, refused())
})

test('no clang, and nothing in the cache', async () => {
  const directory = await here.place('no clang')
  const PATH = await pathWithoutClang(join(directory, 'bin'))
  await expectRefused(here, 'no clang', {
    command: [TRACEJOB],
    env: { PATH, TRACEJOB_CACHE_DIR: join(directory, 'cache') },
    reason: 'CompilerMissing',
    says: /clang is needed .* was not found on PATH\. Install clang .*\(apt-get install clang\)/,
  })
})
