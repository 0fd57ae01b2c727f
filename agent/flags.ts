/** The processor architectures we know open(2)'s numbers of, by Node's names for them. */
export type Architecture = 'x64' | 'arm64'

type Named = readonly (readonly [name: string, bits: number])[]

// A composite stands before the bits it is made of. __FMODE_EXEC is the kernel's own mark on an open by
// execve(2).
const SYNC: Named = [
  ['O_SYNC', 0o4010000],
  ['O_DSYNC', 0o10000],
  ['__O_SYNC', 0o4000000],
]

function openFlags(direct: number, largefile: number, directory: number, nofollow: number): Named {
  return [
    ['__FMODE_EXEC', 0o40],
    ['O_CREAT', 0o100],
    ['O_EXCL', 0o200],
    ['O_NOCTTY', 0o400],
    ['O_TRUNC', 0o1000],
    ['O_APPEND', 0o2000],
    ['O_NONBLOCK', 0o4000],
    ...SYNC,
    ['O_ASYNC', 0o20000],
    ['O_DIRECT', direct],
    ['O_LARGEFILE', largefile],
    ['O_TMPFILE', 0o20000000 | directory],
    ['O_DIRECTORY', directory],
    ['__O_TMPFILE', 0o20000000],
    ['O_NOFOLLOW', nofollow],
    ['O_NOATIME', 0o1000000],
    ['O_CLOEXEC', 0o2000000],
    ['O_PATH', 0o10000000],
  ]
}

// arch/arm64/include/uapi/asm/fcntl.h moves four of them; 32-bit callers have the numbers of their 64-bit
// kernel on both.
const OPEN_FLAGS: Record<Architecture, Named> = {
  x64: openFlags(0o40000, 0o100000, 0o200000, 0o400000),
  arm64: openFlags(0o200000, 0o400000, 0o40000, 0o100000),
}

const RESOLVE_FLAGS: Named = [
  ['RESOLVE_NO_XDEV', 0x01],
  ['RESOLVE_NO_MAGICLINKS', 0x02],
  ['RESOLVE_NO_SYMLINKS', 0x04],
  ['RESOLVE_BENEATH', 0x08],
  ['RESOLVE_IN_ROOT', 0x10],
  ['RESOLVE_CACHED', 0x20],
]

const ACCESS_MODES = ['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_ACCMODE']

/**
 * open(2)'s flags, given as the two unsigned halves of openat2(2)'s 64 bits: the access mode first, then
 * every flag, and what has no name as one number at the end ("0x…").
 */
export function openFlagNames(low: number, high: number, architecture: Architecture): string[] {
  return [ACCESS_MODES[low & 3], ...bitNames(low & ~3, high, OPEN_FLAGS[architecture])]
}

/** The flags in openat2(2)'s `resolve`, likewise. */
export function resolveFlagNames(low: number, high: number): string[] {
  return bitNames(low, high, RESOLVE_FLAGS)
}

/** A file mode as C writes it: "0640", "04755", "0000" (no leading zero would make it decimal). */
export function modeText(low: number, high: number): string {
  return `0${wide(low, high).toString(8).padStart(3, '0')}`
}

function bitNames(low: number, high: number, named: Named): string[] {
  const names: string[] = []
  let left = low
  for (const [name, bits] of named) {
    if ((left & bits) !== bits) continue
    names.push(name)
    left &= ~bits
  }
  if (left !== 0 || high !== 0) names.push(`0x${wide(left, high).toString(16)}`)
  return names
}

function wide(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
}
