import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { validate } from './validate.ts'

const HEAD = 'apiVersion: tracejob.dev/v1alpha1\nkind: TraceJob\nmetadata: {name: a}\n'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'tracejob-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

/** What validate says of a file with this text; the name of the directory is taken away. */
function validated(text: string | Buffer) {
  const file = join(directory, 'job.yaml')
  writeFileSync(file, text)
  let said = ''
  const say = (words: string) => {
    said += words.replaceAll(`${directory}/`, '')
  }
  const code = validate([file], say, say)
  return { code, said }
}

test.each<[string, string | Buffer, number, RegExp]>([
  ['a good manifest', `${HEAD}spec: {durationSeconds: 5}\n`, 0, /^job\.yaml: valid\n$/],
  [
    'one that needs a cluster',
    `${HEAD}spec: {podSelector: {}}\n`,
    0,
    /^job\.yaml: valid, for a cluster only \(spec\.podSelector\)\n$/,
  ],
  [
    'an unknown field',
    `${HEAD}spec:\n  durationSecond: 5\n`,
    2,
    /^job\.yaml:5:3: spec\.durationSecond: .*did you mean/,
  ],
  ['a wrong type', `${HEAD}spec:\n  durationSeconds: soon\n`, 2, /^job\.yaml:5:20: spec\.durationSeconds: /],
  [
    'a negative duration',
    `${HEAD}spec:\n  durationSeconds: -1\n`,
    2,
    /^job\.yaml:5:20: spec\.durationSeconds: /,
  ],
  [
    'two programs',
    `${HEAD}spec:\n  program: {openat: {}, source: {}}\n`,
    2,
    /job\.yaml:5:3: spec\.program: .*exactly one/,
  ],
  ['an empty file', '', 2, /^job\.yaml:1:1: the file is empty/],
  ['tabs', `${HEAD}spec:\n\tdurationSeconds: 5\n`, 2, /^job\.yaml:5:1: a tab/],
  ['several documents', `${HEAD}---\n${HEAD}`, 2, /^job\.yaml:5:1: the file holds several documents/],
  ['10 MB', 'a'.repeat(10_000_000), 2, /^job\.yaml:1:1: the manifest is 10000000 bytes long/],
  ['no UTF-8', Buffer.from([0x61, 0xff]), 2, /^job\.yaml:1:2: the manifest is not UTF-8/],
])('of %s it says what is to be said', (_, text, code, words) => {
  const result = validated(text)
  expect(result.said).toMatch(words)
  expect(result.code).toBe(code)
})

test.each([
  ['/no/such/file.yaml', '/no/such/file.yaml: there is no such file\n'],
  ['/', '/: is a directory; name the manifest in it\n'],
])('%s can not be read', (file, words) => {
  let said = ''
  expect(
    validate(
      [file],
      () => {},
      text => (said += text),
    ),
  ).toBe(2)
  expect(said).toBe(words)
})
