import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BadZip, zipEntries } from './zip.ts'

const module = readFileSync(join(import.meta.dirname, '../testdata/module.zip'))
const hello = 'tracejob.dev/hello@v1.0.0'

test('finds the files, the empty one too, before a comment', () => {
  expect(zipEntries(module).map(({ name, method }) => [name, method])).toEqual([
    [`${hello}/go.mod`, 'stored'],
    [`${hello}/hello.go`, 'deflated'],
    [`${hello}/empty/none.txt`, 'stored'],
    [`${hello}/a b.txt`, 'deflated'],
  ])
  const [mod, , empty] = zipEntries(module)
  expect(Buffer.from(mod!.bytes).toString()).toBe('module tracejob.dev/hello\n')
  expect(empty!.bytes).toHaveLength(0)
})

test('refuses an archive that is cut off, wherever that is', () => {
  for (let length = 0; length < module.length; length++)
    expect(() => zipEntries(module.subarray(0, length)), `${length} bytes`).toThrow(BadZip)
})

test('says no to what it does not know, and never reads beyond the end', () => {
  for (let at = 0; at < module.length; at++) {
    const changed = Uint8Array.from(module)
    changed[at]! ^= 0xff
    try {
      zipEntries(changed)
    } catch (error) {
      expect(error).toBeInstanceOf(BadZip)
    }
  }
})
