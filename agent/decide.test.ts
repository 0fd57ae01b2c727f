import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { PathDecision } from './decide.ts'
import { anEvent, aRecord, LAYOUT } from './event.arbitrary.ts'

const NO_FILTER = {
  pathPrefixes: [],
  excludePathPrefixes: [],
  commands: [],
  uids: [],
  access: [],
  result: 'Any' as const,
}
const IN_ROOT = 0x10n
const ENOENT = -2

const root = mkdtempSync(join(tmpdir(), 'decide-'))
afterAll(() => rmSync(root, { recursive: true }))
mkdirSync(join(root, 'secret'))
writeFileSync(join(root, 'secret', 'key'), '')
symlinkSync('secret', join(root, 'open'))

type Given = Parameters<typeof anEvent>[0]

function isWanted(
  include: string[],
  exclude: string[],
  event: Given,
  decision?: PathDecision,
  now = 0,
): boolean {
  const filter = { ...NO_FILTER, pathPrefixes: include, excludePathPrefixes: exclude }
  const { v, p } = aRecord(anEvent({ tgid: process.pid, ...event }))
  return (decision ?? new PathDecision(LAYOUT, filter)).isWanted(v, p, now)
}

describe('what the kernel could not decide', () => {
  test.each<[string, string[], string[], Given, boolean]>([
    [
      'a relative name in an included directory',
      ['/etc'],
      [],
      { path: 'shadow', base: '/etc', resolved: '/etc/shadow' },
      true,
    ],
    ['a relative name elsewhere', ['/etc'], [], { path: 'x', base: '/tmp', resolved: '/tmp/x' }, false],
    ['a failed one in an included directory', ['/etc'], [], { path: 'x', base: '/etc', ret: ENOENT }, true],
    ['a failed one elsewhere', ['/etc'], [], { path: 'x', base: '/nonesuch', ret: ENOENT }, false],
    ['a failed one of which nobody knows where', ['/etc'], [], { path: 'x', ret: ENOENT }, true],
    ['an unreadable name', ['/etc'], [], { path: '', pathError: 14, ret: -14 }, true],
    [
      'an unreadable name that led there',
      ['/etc'],
      [],
      { path: '', pathError: 14, resolved: '/etc/x' },
      true,
    ],
    ['a name that goes round', ['/etc'], [], { path: '/tmp/../etc//shadow', ret: ENOENT }, true],
    ['a neighbour by name', ['/etc'], [], { path: '/etcetera', ret: ENOENT }, false],
    ['a symlink to there, opened', ['/etc'], [], { path: '/tmp/x', resolved: '/etc/shadow' }, true],
    ['one excluded by where it led', [], ['/proc'], { path: '/tmp/x', resolved: '/proc/1/maps' }, false],
    ['one excluded only by its name', [], ['/proc'], { path: '/proc/self/root/x', resolved: '/x' }, true],
    ['a name that is no text', ['/\u00ff'], [], { path: Uint8Array.of(0x2f, 0xc3, 0xbf), ret: ENOENT }, true],
    ['a byte that is no text', ['/\u00ff'], [], { path: Uint8Array.of(0x2f, 0xff), ret: ENOENT }, false],
    [
      'an absolute name below the root it is confined to',
      ['/srv'],
      [],
      { call: 2, resolve: IN_ROOT, path: '//x', base: '/srv', ret: ENOENT },
      true,
    ],
    [
      'such a name that is only the same word',
      ['/etc'],
      [],
      { call: 2, resolve: IN_ROOT, path: '/etc/x', base: '/srv', ret: ENOENT },
      false,
    ],
  ])('%s', (_, include, exclude, event, wanted) => {
    expect(isWanted(include, exclude, event)).toBe(wanted)
  })

  test('a failed open by way of a symlink is found where it would have led', () => {
    const failed = { path: join(root, 'open', 'missing'), ret: ENOENT }
    expect(isWanted([join(root, 'secret')], [], failed)).toBe(true)
    expect(isWanted([], [join(root, 'secret')], failed)).toBe(false)
    expect(isWanted([join(root, 'secret')], [], { ...failed, path: 'open/missing', base: root })).toBe(true)
    expect(isWanted([join(root, 'other')], [], failed)).toBe(false)
  })

  test('that of a process which is gone is found below our own root', () => {
    const failed = { path: join(root, 'open', 'missing'), ret: ENOENT, tgid: 0x7fff_fff0 }
    expect(isWanted([join(root, 'secret')], [], failed)).toBe(true)
  })

  test('what was followed is remembered for a moment and no longer', () => {
    const filter = { ...NO_FILTER, pathPrefixes: [join(root, 'secret')] }
    const decision = new PathDecision(LAYOUT, filter)
    const failed = { path: join(root, 'later', 'missing'), ret: ENOENT, mntns: 5 }
    expect(isWanted([], [], failed, decision, 1000)).toBe(false)
    symlinkSync('secret', join(root, 'later'))
    expect(isWanted([], [], failed, decision, 1500)).toBe(false)
    expect(isWanted([], [], { ...failed, mntns: 6 }, decision, 1500)).toBe(true)
    expect(isWanted([], [], failed, decision, 2500)).toBe(true)
  })
})
