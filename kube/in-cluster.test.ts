import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FakeClock } from './clock.fake.ts'
import { inCluster } from './in-cluster.ts'

let folder: string
let clock: FakeClock
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracejob-in-cluster-'))
  clock = new FakeClock()
  write('token', 'one\n')
  write('ca.crt', 'CA one\n')
})
afterEach(() => rmSync(folder, { recursive: true }))

const path = (file: string) => join(folder, file)
const write = (file: string, text: string) => writeFileSync(path(file), text)
const remove = (file: string) => rmSync(path(file))
const credentials = () =>
  inCluster({ server: 'https://10.0.0.1', tokenFile: path('token'), caFile: path('ca.crt'), clock })

describe('the token', () => {
  test('is that of the file, as a header', async () => {
    expect(await credentials().authorization()).toBe('Bearer one')
  })

  test('is read again after ten seconds', async () => {
    const given = credentials()
    await given.authorization()
    write('token', 'two')
    expect(await given.authorization()).toBe('Bearer one')
    await clock.pass(10_000)
    expect(await given.authorization()).toBe('Bearer two')
  })

  test('is read again at once when it was refused', async () => {
    const given = credentials()
    await given.authorization()
    write('token', 'two')
    given.refused()
    expect(await given.authorization()).toBe('Bearer two')
  })

  test.each([
    ['missing', () => remove('token')],
    ['empty', () => write('token', '\n')],
  ])('whose file is %s stays what it was, as long as it is not refused', async (_, spoil) => {
    const given = credentials()
    await given.authorization()
    spoil()
    await clock.pass(60_000)
    expect(await given.authorization()).toBe('Bearer one')
    given.refused()
    await expect(given.authorization()).rejects.toThrow(/token/)
    await expect(given.authorization()).rejects.toThrow(/token/)
    write('token', 'two')
    expect(await given.authorization()).toBe('Bearer two')
  })

  test('that was never there is an error of each request, until it is there', async () => {
    remove('token')
    const given = credentials()
    await expect(given.authorization()).rejects.toThrow('ENOENT')
    write('token', 'one')
    expect(await given.authorization()).toBe('Bearer one')
  })
})

describe('the authority', () => {
  test('is the same object until its file says something else', async () => {
    const given = credentials()
    await given.authorization()
    const before = given.tls
    expect(before).toEqual({ ca: 'CA one' })
    write('token', 'two')
    await clock.pass(10_000)
    await given.authorization()
    expect(given.tls).toBe(before)
    write('ca.crt', 'CA two')
    given.refused()
    await given.authorization()
    expect(given.tls).toEqual({ ca: 'CA two' })
  })

  test('is needed: without its file nobody is believed', async () => {
    remove('ca.crt')
    await expect(credentials().authorization()).rejects.toThrow('ca.crt')
  })
})
