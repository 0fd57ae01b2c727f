import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const LAUNCHER = join(import.meta.dirname, 'tracejob')
const NO_NODE = '/usr/bin:/bin'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tracejob-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function launched(command: string, args: string[] = [], env: Record<string, string> = {}) {
  const cache = { TRACEJOB_CACHE_DIR: join(directory, 'cache') }
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    cwd: directory,
    env: { ...process.env, ...cache, ...env },
  })
  return { status, stdout, stderr }
}

test('it is found through links to links, wherever one stands', () => {
  symlinkSync(LAUNCHER, join(directory, 'first'))
  mkdirSync(join(directory, 'bin'))
  symlinkSync('../first', join(directory, 'bin', 'tj'))
  const path = `${join(directory, 'bin')}:${process.env.PATH}`
  for (const command of [LAUNCHER, './first', 'bin/tj', join(directory, 'bin/tj')]) {
    expect(launched(command, ['version'])).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('tracejob 0'),
    })
  }
  expect(launched('tj', ['version'], { PATH: path })).toMatchObject({ status: 0, stderr: '' })
})

test.each([
  ['no command explains all', [], 2, /^tracejob says who opened/],
  [
    'a mistyped command is told',
    ['rnu'],
    2,
    /^tracejob: there is no command "rnu"; did you mean run\?\nSee "tracejob --help"\.\n$/,
  ],
  [
    'a mistyped flag is told',
    ['run', 'a', '--ouput'],
    2,
    /did you mean --output\?\nSee "tracejob run --help"\.\n$/,
  ],
  [
    'a missing manifest is told',
    ['run', '/no/such.yaml'],
    2,
    /^tracejob: \/no\/such\.yaml: there is no such file\n$/,
  ],
])('%s, with exit code 2', (_, args, status, stderr) => {
  expect(launched(LAUNCHER, args)).toMatchObject({
    status,
    stdout: '',
    stderr: expect.stringMatching(stderr),
  })
})

test('--help is on standard output, and may be cut by its reader', () => {
  expect(launched(LAUNCHER, ['--help'])).toMatchObject({ status: 0, stderr: '' })
  expect(launched('sh', ['-c', `"${LAUNCHER}" --help | head -n 1`])).toMatchObject({ status: 0, stderr: '' })
})

test('a checkout that is not set up says how to set it up', () => {
  const fresh = join(directory, 'fresh', 'cli', 'tracejob')
  mkdirSync(dirname(fresh), { recursive: true })
  copyFileSync(LAUNCHER, fresh)
  for (const env of [{ PATH: NO_NODE }, {}]) {
    const { status, stderr } = launched(fresh, ['version'], env)
    expect(status).toBe(1)
    expect(stderr).toMatch(/^tracejob: [^\n]*run "npm install" in [^\n]*\/fresh[^\n]*\n$/)
  }
})
