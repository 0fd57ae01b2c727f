import { constants } from 'node:fs'

// Those that node leaves out are the same on every architecture but for O_LARGEFILE.
const DIRECTORY = constants.O_DIRECTORY
const openFlags: Record<string, number> = {
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_ACCMODE: 3,
  O_CREAT: constants.O_CREAT,
  O_EXCL: constants.O_EXCL,
  O_NOCTTY: constants.O_NOCTTY,
  O_TRUNC: constants.O_TRUNC,
  O_APPEND: constants.O_APPEND,
  O_NONBLOCK: constants.O_NONBLOCK,
  O_DSYNC: constants.O_DSYNC,
  O_SYNC: constants.O_SYNC,
  O_DIRECT: constants.O_DIRECT,
  O_DIRECTORY: DIRECTORY,
  O_NOFOLLOW: constants.O_NOFOLLOW,
  O_NOATIME: constants.O_NOATIME,
  O_ASYNC: 0o20000,
  O_LARGEFILE: process.arch === 'arm64' ? 0o400000 : 0o100000,
  O_CLOEXEC: 0o2000000,
  O_PATH: 0o10000000,
  O_TMPFILE: 0o20000000 | DIRECTORY,
}

const resolveFlags: Record<string, number> = {
  RESOLVE_NO_XDEV: 1,
  RESOLVE_NO_MAGICLINKS: 2,
  RESOLVE_NO_SYMLINKS: 4,
  RESOLVE_BENEATH: 8,
  RESOLVE_IN_ROOT: 16,
  RESOLVE_CACHED: 32,
}

/** Bits of the files that an open would make, for which its mode counts. */
export const CREATING = BigInt(constants.O_CREAT | 0o20000000)

/** The number behind a list of names; a name may also be a number such as 0x10000000000. */
export function openFlagsOf(names: readonly string[]): bigint {
  return sum(names, openFlags)
}

export function resolveFlagsOf(names: readonly string[]): bigint {
  return sum(names, resolveFlags)
}

function sum(names: readonly string[], known: Record<string, number>): bigint {
  let all = 0n
  for (const name of names) {
    const value = known[name]
    if (value === undefined && !/^0x[0-9a-f]+$/i.test(name)) throw new Error(`no flag is called ${name}`)
    all |= BigInt(value ?? name)
  }
  return all
}
