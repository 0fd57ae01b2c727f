import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, expect, test } from 'vitest'
import { NOON } from './fixtures.ts'
import { Mark } from './mark.ts'

const log = pino({ level: 'silent' })
let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tracejob-mark-'))
  return () => rmSync(directory, { recursive: true })
})

test('the next agent reads what this one has set, for that report alone', () => {
  const mark = new Mark(join(directory, 'cache'), log)
  expect(mark.read('a')).toBeUndefined()
  mark.set('a', NOON)
  mark.set('a', NOON + 1500)
  const next = new Mark(join(directory, 'cache'), log)
  expect(next.read('a')).toBe(NOON + 1500)
  expect(next.read('b')).toBeUndefined()
})

test('a uid leads nowhere else', () => {
  const mark = new Mark(directory, log)
  mark.set('../../escaped', NOON)
  expect(mark.read('../../escaped')).toBe(NOON)
})

test('where it can not be set, nothing else goes wrong', () => {
  writeFileSync(join(directory, 'file'), '')
  const mark = new Mark(join(directory, 'file'), log)
  mark.set('a', NOON)
  expect(mark.read('a')).toBeUndefined()
})
