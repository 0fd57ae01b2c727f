import { expect, test } from 'vitest'
import { type PreemptionFacts, preemptionOf } from './preemption.ts'

// Debian's kernels: uname -v, and what their build configuration says of preemption.
const VERSION_5_10 = '#1 SMP Debian 5.10.262-1 (2026-07-31)'
const VERSION_6_12 = '#1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1 (2026-11-12)'
const CONFIG_5_10 = `# CONFIG_PREEMPT_NONE is not set
CONFIG_PREEMPT_VOLUNTARY=y
# CONFIG_PREEMPT is not set
CONFIG_PREEMPT_NOTIFIERS=y
`
const CONFIG_6_12 = `CONFIG_PREEMPT_BUILD=y
# CONFIG_PREEMPT_NONE is not set
CONFIG_PREEMPT_VOLUNTARY=y
# CONFIG_PREEMPT is not set
# CONFIG_PREEMPT_RT is not set
CONFIG_PREEMPT_COUNT=y
CONFIG_PREEMPTION=y
CONFIG_PREEMPT_DYNAMIC=y
CONFIG_HAVE_PREEMPT_DYNAMIC_CALL=y
`
const CONFIG_LAZY = `CONFIG_PREEMPT_BUILD=y
CONFIG_ARCH_HAS_PREEMPT_LAZY=y
# CONFIG_PREEMPT is not set
CONFIG_PREEMPT_LAZY=y
# CONFIG_PREEMPT_RT is not set
CONFIG_PREEMPT_DYNAMIC=y
`
const QUIET = 'BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro quiet'

test.each<[string, Partial<PreemptionFacts>, string]>([
  ['the live setting of 6.12', { schedPreempt: 'none (voluntary) full\n' }, 'voluntary'],
  ['the live setting of 7.x', { schedPreempt: 'full (lazy) \n' }, 'lazy'],
  [
    'a live setting over all else',
    { schedPreempt: '(none) voluntary full', commandLine: 'preempt=full' },
    'none',
  ],
  ['the boot parameter', { commandLine: `${QUIET} preempt=full`, config: CONFIG_6_12 }, 'full'],
  ['the boot parameter alone', { commandLine: 'preempt=lazy' }, 'lazy'],
  [
    'the configuration where the parameter is no model',
    { commandLine: 'preempt=some', config: CONFIG_LAZY },
    'lazy',
  ],
  [
    'the configuration where it is another parameter',
    { commandLine: 'nopreempt=full xpreempt=none', config: CONFIG_6_12 },
    'voluntary',
  ],
  ['the configuration of 5.10', { config: CONFIG_5_10, version: VERSION_5_10 }, 'voluntary'],
  ['the configuration of 6.12', { config: CONFIG_6_12, version: VERSION_6_12 }, 'voluntary'],
  ['the configuration of a lazy kernel', { config: CONFIG_LAZY }, 'lazy'],
  ['a real-time configuration', { config: 'CONFIG_PREEMPT_LAZY=y\nCONFIG_PREEMPT_RT=y\n' }, 'full'],
  ['a fully preemptible configuration', { config: 'CONFIG_PREEMPT=y\n' }, 'full'],
  ['a server configuration', { config: 'CONFIG_PREEMPT_NONE=y\n# CONFIG_PREEMPT is not set\n' }, 'none'],
  ['the version of 5.10, built without', { version: VERSION_5_10 }, 'none'],
  ['the version where it leaves it open', { version: VERSION_6_12 }, 'unknown'],
  ['a version without a word of it', { version: '#1 SMP PREEMPT_DYNAMIC @0' }, 'unknown'],
  ['a preemptible version', { version: '#1 SMP PREEMPT Debian 7.3' }, 'full'],
  ['a lazy version', { version: '#1 SMP PREEMPT_LAZY 7.3' }, 'lazy'],
  ['a real-time version', { version: '#1 SMP PREEMPT_RT Debian 6.1.192-2 (2026-11-16)' }, 'full'],
])('it goes by %s', (_, facts, wanted) => {
  expect(preemptionOf({ commandLine: QUIET, version: '#1 SMP', ...facts })).toBe(wanted)
})
