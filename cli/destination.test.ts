import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DestinationRefused, openDestination } from './destination.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tracejob-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test('nothing lies there before it is written, and nothing beside it after', () => {
  const destination = openDestination(join(directory, 'report.yaml'))
  expect(readdirSync(directory)).toEqual([])
  destination.write('all of it')
  expect(readdirSync(directory)).toEqual(['report.yaml'])
  expect(readFileSync(join(directory, 'report.yaml'), 'utf8')).toBe('all of it')
})

test('an older report stays until the new one is whole', () => {
  writeFileSync(join(directory, 'report.yaml'), 'old')
  const destination = openDestination(join(directory, 'report.yaml'))
  expect(readFileSync(join(directory, 'report.yaml'), 'utf8')).toBe('old')
  destination.write('new')
  expect(readFileSync(join(directory, 'report.yaml'), 'utf8')).toBe('new')
})

test('a link stays a link', () => {
  writeFileSync(join(directory, 'target'), 'old')
  symlinkSync('target', join(directory, 'link'))
  openDestination(join(directory, 'link')).write('new')
  expect(readdirSync(directory).sort()).toEqual(['link', 'target'])
  expect(readFileSync(join(directory, 'target'), 'utf8')).toBe('new')
})

test('a device is written to and not replaced', () => {
  openDestination('/dev/null').write('gone')
  expect(readFileSync('/dev/null', 'utf8')).toBe('')
})

test.each([
  ['a directory that is not there', 'no/such/report.yaml', 'its directory does not exist'],
  ['a directory itself', 'sub', 'it is a directory'],
  ['a file taken for a directory', 'file/report.yaml', 'its directory is not a directory'],
])('%s is found out before anything is traced', (_, path, words) => {
  mkdirSync(join(directory, 'sub'))
  writeFileSync(join(directory, 'file'), '')
  expect(() => openDestination(join(directory, path))).toThrow(DestinationRefused)
  expect(() => openDestination(join(directory, path))).toThrow(words)
})
