import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { removeUnused } from './unused.ts'

test.each([
  ['few are kept however old', [100, 200, 300], ['0', '1', '2']],
  ['of many the oldest goes', [100, 400, 200, 300], ['0', '2', '3']],
  ['many in use are kept', [0, 0, 0, 0, 0], ['0', '1', '2', '3', '4']],
])('%s', async (_, hours, kept) => {
  const cache = await mkdtemp(join(tmpdir(), 'tracejob-unused-'))
  try {
    const name = (i: string) => i.repeat(16)
    for (const [i, ago] of hours.entries()) {
      const path = join(cache, name(String(i)))
      await mkdir(path)
      const used = new Date(Date.now() - ago * 3600 * 1000)
      await utimes(path, used, used)
    }
    await mkdir(join(cache, 'storage'))
    await removeUnused(cache)
    expect((await readdir(cache)).sort()).toEqual([...kept.map(name), 'storage'])
  } finally {
    await rm(cache, { recursive: true })
  }
})
