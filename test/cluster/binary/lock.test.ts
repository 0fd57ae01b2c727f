import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lock } from './lock.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracejob-lock-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('one after the other', async () => {
  const path = join(folder, 'turns')
  let within = 0
  const turn = async () => {
    await using _ = await lock(path)
    expect(++within).toBe(1)
    await new Promise(setImmediate)
    within--
  }
  await Promise.all([turn(), turn(), turn()])
})

test('a holder that is killed holds no more', async () => {
  const path = join(folder, 'killed')
  const script = `
    import { lock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))}
    const held = await lock(${JSON.stringify(path)})
    console.log('locked')
    setInterval(() => held, 1000)
  `
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', script])
  await once(holder.stdout, 'data')
  const got = lock(path)
  holder.kill('SIGKILL')
  await using _ = await got
})

test('is an error where there can be no such file', async () => {
  await expect(lock(join(folder, 'no/such/folder'))).rejects.toThrow('no/such/folder')
})
