import { constants } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { modeText, openFlagNames, resolveFlagNames } from './flags.ts'

test.each([
  ['x64', 0, 0, 'O_RDONLY'],
  ['x64', 0o101, 0, 'O_WRONLY O_CREAT'],
  ['x64', 0o1102, 0, 'O_RDWR O_CREAT O_TRUNC'],
  ['x64', 3, 0, 'O_ACCMODE'],
  ['x64', 0o2500000, 0, 'O_RDONLY O_LARGEFILE O_NOFOLLOW O_CLOEXEC'],
  ['x64', 0o240000, 0, 'O_RDONLY O_DIRECT O_DIRECTORY'],
  ['arm64', 0o240000, 0, 'O_RDONLY O_DIRECT O_DIRECTORY'],
  ['arm64', 0o40000, 0, 'O_RDONLY O_DIRECTORY'],
  ['arm64', 0o100000, 0, 'O_RDONLY O_NOFOLLOW'],
  ['arm64', 0o200000, 0, 'O_RDONLY O_DIRECT'],
  ['arm64', 0o400000, 0, 'O_RDONLY O_LARGEFILE'],
  ['x64', 0o4010001, 0, 'O_WRONLY O_SYNC'],
  ['x64', 0o10001, 0, 'O_WRONLY O_DSYNC'],
  ['x64', 0o4000001, 0, 'O_WRONLY __O_SYNC'],
  ['x64', 0o20200002, 0, 'O_RDWR O_TMPFILE'],
  ['arm64', 0o20040002, 0, 'O_RDWR O_TMPFILE'],
  ['x64', 0o20000002, 0, 'O_RDWR __O_TMPFILE'],
  ['x64', 0o10000000, 0, 'O_RDONLY O_PATH'],
  ['x64', 0o40, 0, 'O_RDONLY __FMODE_EXEC'],
  ['x64', 0x80000004, 0, 'O_RDONLY 0x80000004'],
  ['x64', 0x1, 0x1, 'O_WRONLY 0x100000000'],
  [
    'x64',
    0xffffffff,
    0xffffffff,
    /^O_ACCMODE __FMODE_EXEC O_CREAT .*O_SYNC .*O_TMPFILE .* 0xffffffff[0-9a-f]{8}$/,
  ],
] as const)('on %s, flags %o (and %o above) are %s', (architecture, low, high, names) => {
  expect(openFlagNames(low, high, architecture).join(' ')).toEqual(
    typeof names === 'string' ? names : expect.stringMatching(names),
  )
})

test.runIf(process.arch === 'x64' || process.arch === 'arm64')('agrees with the system it runs on', () => {
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x64'
  for (const [name, bits] of Object.entries(constants)) {
    if (!name.startsWith('O_') || bits <= 2) continue
    expect(openFlagNames(bits, 0, architecture)).toEqual(['O_RDONLY', name])
  }
})

test('no bit is named twice, none is left out', () => {
  const bitsOf = (name: string): bigint => {
    if (name.startsWith('0x')) return BigInt(name)
    if (name.startsWith('O_RD') || name === 'O_WRONLY' || name === 'O_ACCMODE') return 0n
    for (let bit = 0; bit < 31; bit++)
      if (openFlagNames(2 ** bit, 0, 'x64')[1] === name) return 1n << BigInt(bit)
    return name === 'O_SYNC' ? 0o4010000n : name === 'O_TMPFILE' ? 0o20200000n : -1n
  }
  const u32 = fc.integer({ min: 0, max: 0xffffffff })
  fc.assert(
    fc.property(u32, fc.oneof(fc.constant(0), u32), (low, high) => {
      const names = openFlagNames(low, high, 'x64')
      const sum = names.reduce((total, name) => total + bitsOf(name), 0n)
      expect(sum).toBe((BigInt(high) << 32n) + BigInt(low) - BigInt(low & 3))
    }),
  )
})

test.each([
  [0, 0, []],
  [
    0x3f,
    0,
    ['NO_XDEV', 'NO_MAGICLINKS', 'NO_SYMLINKS', 'BENEATH', 'IN_ROOT', 'CACHED'].map(
      name => `RESOLVE_${name}`,
    ),
  ],
  [0x48, 0, ['RESOLVE_BENEATH', '0x40']],
  [0, 0x80000000, ['0x8000000000000000']],
])('resolve flags %o (and %o above)', (low, high, names) => {
  expect(resolveFlagNames(low, high)).toEqual(names)
})

test.each([
  [0o640, 0, '0640'],
  [0o4755, 0, '04755'],
  [0, 0, '0000'],
  [0o7, 0, '0007'],
  [0o177777, 0, '0177777'],
  [0, 1, '040000000000'],
])('mode %o (and %o above) is %s', (low, high, text) => {
  expect(modeText(low, high)).toBe(text)
})
