import { describe, expect, test } from 'vitest'
import type { OpenEvent } from '../../crds/event.ts'
import type { MadeOpen } from '../opener/made.ts'
import { differences } from './compare.ts'
import { factsOfMade, factsOfSeen, isVisible } from './facts.ts'

const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64')

function made(changes: Partial<MadeOpen> = {}): MadeOpen {
  return {
    label: 'an open',
    call: 'openat',
    pathBase64: base64('/etc/hosts'),
    dirfd: -100,
    flags: 0,
    mode: 0,
    resolve: 0,
    ret: 3,
    pid: 10,
    tid: 10,
    ppid: 9,
    uid: 0,
    gid: 0,
    comm: 'opener',
    compat: false,
    ...changes,
  }
}

function seen(changes: Partial<OpenEvent> = {}): OpenEvent {
  return {
    kind: 'open',
    time: '2026-11-23T14:00:00.123456789Z',
    node: 'n',
    pid: 10,
    tid: 10,
    ppid: 9,
    uid: 0,
    gid: 0,
    comm: 'opener',
    call: 'openat',
    path: '/etc/hosts',
    dirfd: 'AT_FDCWD',
    flags: ['O_RDONLY'],
    fd: 3,
    ...changes,
  }
}

describe('a made open is the same as its event', () => {
  const { dirfd: _, ...withoutDirfd } = seen()
  const { fd: __, ...failed } = seen()
  test.each<[string, Partial<MadeOpen>, OpenEvent]>([
    ['when it opens what is there', {}, seen()],
    ['when the descriptor is 0', { ret: 0 }, seen({ fd: 0 })],
    ['when nothing is there', { ret: -2 }, { ...failed, error: 'ENOENT' }],
    ['when it has no dirfd', { call: 'open' }, { ...withoutDirfd, call: 'open' }],
    ['with a dirfd', { dirfd: 4 }, seen({ dirfd: 4 })],
    [
      'when it creates',
      { flags: 0o101, mode: 0o640 },
      seen({ flags: ['O_WRONLY', 'O_CREAT'], mode: '0640' }),
    ],
    [
      'when it creates with no permissions',
      { flags: 0o100 },
      seen({ flags: ['O_RDONLY', 'O_CREAT'], mode: '0000' }),
    ],
    ['when it passes a mode for nothing', { mode: 0o777 }, seen()],
    [
      'when it resolves in a way of its own',
      { call: 'openat2', resolve: 12 },
      seen({ call: 'openat2', resolve: ['RESOLVE_NO_SYMLINKS', 'RESOLVE_BENEATH'] }),
    ],
    [
      'with a flag there is not',
      { call: 'openat2', flags: 2 ** 40 + 1 },
      seen({ call: 'openat2', flags: ['O_WRONLY', '0x10000000000'], resolve: [] }),
    ],
    [
      'with a name that is not UTF-8',
      { pathBase64: base64('/a\xff') },
      seen({ path: '/a\\xff', pathBase64: base64('/a\xff') }),
    ],
    ['with a name in UTF-8', { pathBase64: Buffer.from('/ы').toString('base64') }, seen({ path: '/ы' })],
    [
      'with a name too long',
      { pathBase64: base64('/' + 'x'.repeat(4095)) },
      seen({ path: '/' + 'x'.repeat(4094), pathTruncated: true }),
    ],
    ['with a name nobody can read', { pathBase64: null }, seen({ path: null, pathError: 'EFAULT' })],
    ['through a symlink', { resolvedBase64: base64('/run/hosts') }, seen({ resolvedPath: '/run/hosts' })],
    ['by a 32-bit program', { compat: true }, seen({ compat: true })],
  ])('%s', (_, changes, event) => {
    const expected = { label: 'it', facts: factsOfMade(made(changes)) }
    expect(differences([expected], [factsOfSeen(event)])).toEqual([])
  })
})

test.each<[string, Partial<MadeOpen>, OpenEvent, string]>([
  ['another path', {}, seen({ path: '/etc/host' }), 'path is "/etc/host", not "/etc/hosts"'],
  ['another descriptor', {}, seen({ fd: 4 }), 'result is 4, not 3'],
  ['a flag too many', {}, seen({ flags: ['O_RDONLY', 'O_LARGEFILE'] }), 'flags is "0x8000", not "0x0"'],
  ['a resolved path missing', { resolvedBase64: base64('/x') }, seen(), 'resolved is null, not "/x"'],
  ['a name for nobody', { pathBase64: null }, seen({ path: '' }), 'path is "", not null'],
  ['a mode that was not asked', {}, seen({ mode: '0644' }), 'mode is "0644", not null'],
])('finds %s', (_, changes, event, sentence) => {
  if (process.arch !== 'x64' && sentence.includes('0x8000')) return
  const expected = { label: 'it', facts: factsOfMade(made(changes)) }
  expect(differences([expected], [factsOfSeen(event)])).toEqual([`it: ${sentence}`])
})

test('expects an openat2 with a bad struct only where the mode can see it', () => {
  const bad = made({ call: 'openat2', flags: null })
  expect([isVisible(bad, 'Tracepoint'), isVisible(bad, 'Kprobe'), isVisible(bad, 'Fexit')]).toEqual([
    true,
    false,
    false,
  ])
})
