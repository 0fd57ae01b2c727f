import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Names, verdict } from './paths.ts'

const opened = (asked: string | null, rest: Partial<Names> = {}): Names => ({
  asked,
  resolved: null,
  base: null,
  failed: false,
  ...rest,
})
const failed = (asked: string | null, base: string | null = null) => opened(asked, { base, failed: true })

describe('verdict', () => {
  const etc = { include: ['/etc'], exclude: [] }
  const notProc = { include: [], exclude: ['/proc'] }
  const both = { include: ['/etc', '/proc'], exclude: ['/etc/ssl'] }
  const none = { include: [], exclude: [] }
  test.each([
    ['everything passes no filter', opened(null), none, 'pass'],
    ['asked for below an included prefix', opened('/etc/passwd'), etc, 'pass'],
    ['asked for below it by way of ..', opened('/usr/../etc/passwd'), etc, 'pass'],
    ['a symlink from there to elsewhere', opened('/etc/mtab', { resolved: '/proc/1/mounts' }), etc, 'pass'],
    ['a symlink from elsewhere to there', opened('/tmp/x', { resolved: '/etc/shadow' }), etc, 'pass'],
    ['elsewhere, both names known', opened('/tmp/x', { resolved: '/tmp/x' }), etc, 'drop'],
    ['elsewhere as asked, perhaps a symlink', opened('/tmp/x'), etc, 'unknown'],
    ['elsewhere and failed', failed('/tmp/x'), etc, 'drop'],
    ['relative, in a known place', opened('shadow', { base: '/etc' }), etc, 'pass'],
    ['relative, failed, elsewhere', failed('shadow', '/tmp'), etc, 'drop'],
    ['relative, nobody knows to what', failed('shadow'), etc, 'unknown'],
    ['relative to what is no directory of ours', failed('shadow', '(unreachable)/etc'), etc, 'unknown'],
    ['relative to who knows, but resolved there', opened('shadow', { resolved: '/etc/shadow' }), etc, 'pass'],
    [
      'relative to who knows, resolved elsewhere',
      opened('mtab', { resolved: '/proc/1/mounts' }),
      etc,
      'unknown',
    ],
    ['a name that could not be read', failed(null), etc, 'unknown'],
    ['that, but resolved there', opened(null, { resolved: '/etc/x' }), etc, 'pass'],
    ['below an excluded prefix', opened('/proc/1/maps', { resolved: '/proc/1/maps' }), notProc, 'drop'],
    [
      'excluded as asked, resolved elsewhere',
      opened('/proc/self/root/x', { resolved: '/x' }),
      notProc,
      'pass',
    ],
    ['excluded as resolved', opened('/tmp/link', { resolved: '/proc/1/maps' }), notProc, 'drop'],
    ['excluded as asked, perhaps a symlink', opened('/proc/1/maps'), notProc, 'unknown'],
    ['excluded as asked, failed', failed('/proc/1/maps'), notProc, 'drop'],
    ['not excluded as asked, perhaps a symlink', opened('/etc/x'), notProc, 'unknown'],
    ['relative to who knows, failed', failed('maps'), notProc, 'unknown'],
    ['a name that could not be read, to exclude', failed(null), notProc, 'unknown'],
    ['included and not excluded', opened('/etc/passwd', { resolved: '/etc/passwd' }), both, 'pass'],
    ['included and excluded', opened('/etc/ssl/x', { resolved: '/etc/ssl/x' }), both, 'drop'],
    ['excluded, whether included or not', opened('x', { resolved: '/etc/ssl/x' }), both, 'drop'],
  ] as const)('%s', (_, names, prefixes, wanted) => {
    expect(verdict(names, prefixes)).toBe(wanted)
  })

  test("'pass' and 'drop' stay so once all names are known, unless an exclusion was judged by the name asked for", () => {
    const known = fc.constantFrom('/etc/a', '/etc/ssl/b', '/tmp/c', '/proc/1')
    fc.assert(
      fc.property(known, known, fc.boolean(), fc.boolean(), fc.boolean(), (asked, resolved, a, r, f) => {
        for (const prefixes of [etc, notProc, both]) {
          const full = f ? failed(asked) : opened(asked, { resolved })
          const partly = { ...full, asked: a ? asked : null, resolved: r ? full.resolved : null }
          if (partly.resolved !== full.resolved && prefixes.exclude.length > 0) continue
          expect([verdict(full, prefixes), 'unknown']).toContain(verdict(partly, prefixes))
          expect(verdict(full, prefixes)).not.toBe('unknown')
        }
      }),
    )
  })
})
