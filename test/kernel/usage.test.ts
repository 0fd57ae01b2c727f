import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { Command, EXAMPLES, TRACEJOB } from './command.ts'
import { type Ground, ground } from './ground.ts'
import { HEAD, WRONG } from './manifests.ts'

let here: Ground
beforeAll(async () => {
  here = await ground()
  return () => here[Symbol.asyncDispose]()
})

async function said(words: readonly string[], input?: string) {
  const env = { TRACEJOB_CACHE_DIR: here.cacheDir }
  await using command = new Command([TRACEJOB, ...words], { env, cwd: here.root, ...(input && { input }) })
  const { code } = await command.ended
  return { code, stdout: command.stdout, stderr: command.stderr }
}

describe('a manifest that is wrong is refused with its place, by code 2, before anything is traced', () => {
  test.each(WRONG)('%s', async (_, manifest, wanted) => {
    await writeFile(join(here.root, 'job.yaml'), manifest)
    for (const command of ['run', 'validate']) {
      const { code, stdout, stderr } = await said([command, 'job.yaml'])
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(/^job\.yaml:/)
      expect(stderr.trimEnd().slice('job.yaml'.length)).toMatch(wanted)
      expect(stderr.trimEnd().split('\n')).toHaveLength(stderr.match(/^job\.yaml:\d+:\d+: /gm)!.length)
    }
  })

  test('also on standard input', async () => {
    const { code, stderr } = await said(['run', '-'], `${HEAD}spec: {durationSeconds: 0}`)
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^<stdin>:4:25: spec\.durationSeconds: must be at least 1/),
    ])
  })
})

test('all that is wrong with several manifests is said at once', async () => {
  const [[, unknown], [, type]] = WRONG
  await writeFile(join(here.root, 'a.yaml'), unknown)
  await writeFile(join(here.root, 'b.yaml'), type)
  const { code, stdout, stderr } = await said([
    'validate',
    'a.yaml',
    join(EXAMPLES, 'all-opens.yaml'),
    'b.yaml',
  ])
  expect(code).toBe(2)
  expect(stdout).toMatch(/all-opens\.yaml: valid\n$/)
  expect(stderr).toMatch(/^a\.yaml:5:3: .*\nb\.yaml:5:20: .*\n$/)
})

test('every example is valid', async () => {
  const files = await readdir(EXAMPLES)
  const { code, stdout, stderr } = await said(['validate', ...files.map(file => join(EXAMPLES, file))])
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.match(/: valid$/gm)).toHaveLength(files.length)
})

describe('what can not be done is refused by code 2 before anything is traced', () => {
  const example = join(EXAMPLES, 'all-opens.yaml')
  test.each<[string, string[], RegExp]>([
    ['no such manifest', ['run', 'none.yaml'], /^tracejob: none\.yaml: there is no such file\n$/],
    ['a directory', ['run', 'folder'], /^tracejob: folder: is a directory; name the manifest in it\n$/],
    ['no manifest', ['run'], /^tracejob: run needs a manifest: .*\nSee "tracejob run --help"\.\n$/],
    ['a mistyped flag', ['run', example, '--durration', '1s'], /did you mean --duration\?/],
    [
      'a report into a missing directory',
      ['run', example, '--report', 'missing/report.yaml'],
      /^tracejob: the report can't be written to missing\/report\.yaml: its directory does not exist\n$/,
    ],
    [
      'a report over a directory',
      ['run', example, '--report', 'folder'],
      /^tracejob: the report can't be written to folder: it is a directory\n$/,
    ],
  ])('%s', async (_, words, wanted) => {
    await mkdir(join(here.root, 'folder'), { recursive: true })
    const { code, stdout, stderr } = await said(words)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(wanted)
  })
})
