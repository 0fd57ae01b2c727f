import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildOpener } from '../opener/build.ts'
import { isBurst, isMade, type MadeOpen } from '../opener/made.ts'
import { startOpener } from '../opener/start.ts'

const { errno } = constants

let program: string
let scratch: string
let kinds: MadeOpen[]

async function run(...args: string[]) {
  await using opener = await startOpener(program, args, 'tj-opener')
  return await opener.go()
}

beforeAll(async () => {
  program = await buildOpener()
  scratch = await mkdtemp(join(tmpdir(), 'tracejob-opener-'))
  await chmod(scratch, 0o755)
  kinds = (await run('kinds', scratch)).filter(isMade)
})

afterAll(() => rm(scratch, { recursive: true, force: true }))

test.each<[string, number]>([
  ['existing by open', 0],
  ['missing by openat', errno.ENOENT],
  ['created by openat2', 0],
  ['exclusive on existing', errno.EEXIST],
  ['a directory for writing', errno.EISDIR],
  ['through a file', errno.ENOTDIR],
  ['a loop of symlinks', errno.ELOOP],
  ['a symlink not followed', errno.ELOOP],
  ['a FIFO nobody reads', errno.ENXIO],
  ['relative to no descriptor', errno.EBADF],
  ['out of beneath', errno.EXDEV],
  ['no symlinks', errno.ELOOP],
  ['openat2 with a flag there is not', errno.EINVAL],
  ['openat2 with too short a struct', errno.EINVAL],
  ['openat2 with too long a struct', errno.E2BIG],
  ['openat2 with a longer struct', 0],
  ['empty name', errno.ENOENT],
  ['a pointer to nowhere', errno.EFAULT],
  ['a NULL pointer', errno.EFAULT],
  ['a name without an end', errno.EFAULT],
  ['a name at the end of its page', 0],
  ['a name not yet in memory', 0],
  ['4095 bytes', 0],
  ['4095 bytes and missing', errno.ENOENT],
  ['4096 bytes', errno.ENAMETOOLONG],
  ['a name of 256 bytes', errno.ENAMETOOLONG],
  ['no descriptor left', errno.EMFILE],
  ['denied', errno.EACCES],
  ['without a name', 0],
])('makes an open that is %s, and ends as such an open does', (label, error) => {
  const made = kinds.find(open => open.label === label)
  expect(made && Math.min(made.ret, 0) + 0).toBe(error === 0 ? 0 : -error)
})

test('gets 0 for a descriptor once', () => {
  expect(kinds.filter(open => open.ret === 0).map(open => open.label)).toEqual(['descriptor 0'])
})

test('asks for a path of exactly 4095 bytes', () => {
  const { pathBase64, resolvedBase64 } = kinds.find(open => open.label === '4095 bytes')!
  expect(Buffer.from(pathBase64!, 'base64')).toHaveLength(4095)
  expect(resolvedBase64).toBe(pathBase64)
})

test('makes as many opens in a burst as it was told', async () => {
  const counts = (await run('burst', '1000', '3', '/etc/passwd', '2', '--mix')).filter(isBurst)
  expect(counts.map(({ n, opened, failed }) => [n, opened, failed])).toEqual(
    Array(3).fill([2000, 1000, 1000]),
  )
})

test('lets a stopped process go on, also when it is killed itself', async () => {
  await using sleeper = await startOpener(program, ['burst', '1', '1', '/etc/passwd'], 'tj-sleeper')
  const stopper = await startOpener(
    program,
    ['stop', `${sleeper.pid}`, '30', '1', '/etc/passwd'],
    'tj-stopper',
  )
  const failed = stopper.go().catch(error => error)
  await new Promise(resolve => setTimeout(resolve, 300))
  await stopper[Symbol.asyncDispose]()
  expect(String(await failed)).toContain('SIGKILL')
  expect(await sleeper.go()).toHaveLength(1)
})
