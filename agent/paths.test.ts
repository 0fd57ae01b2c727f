import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasPrefix, join, normalize, pathOfText } from './paths.ts'

const aPath = fc
  .tuple(
    fc.constantFrom('', '/', '//'),
    fc.array(fc.constantFrom('', '.', '..', '...', 'etc', 'x', '.x', 'x.', '..x', '\xff'), { maxLength: 7 }),
  )
  .map(([root, names]) => root + names.join('/'))

describe('normalize', () => {
  test.each([
    ['/', '/'],
    ['//', '/'],
    ['/etc', '/etc'],
    ['/etc/', '/etc'],
    ['//etc///passwd', '/etc/passwd'],
    ['/etc/./passwd', '/etc/passwd'],
    ['/etc/../passwd', '/passwd'],
    ['/../..', '/'],
    ['/../etc', '/etc'],
    ['/.../..x/.y/z.', '/.../..x/.y/z.'],
    ['a/../..', '..'],
    ['../../a', '../../a'],
    ['../a/../../b', '../../b'],
    ['./a', 'a'],
    ['.', ''],
    ['', ''],
    ['a/', 'a'],
    ['/\xff\xfe/../\x80', '/\x80'],
  ])('%j is %j', (path, normal) => {
    expect(normalize(path)).toBe(normal)
  })

  test('leaves nothing to normalise, and an absolute path absolute', () => {
    fc.assert(
      fc.property(aPath, path => {
        const normal = normalize(path)
        expect(normalize(normal)).toBe(normal)
        expect(normal.startsWith('/')).toBe(path.startsWith('/'))
        const names = normal.split('/').slice(normal.startsWith('/') ? 1 : 0)
        expect(names.includes('.')).toBe(false)
        if (normal !== '' && normal !== '/') expect(names.includes('')).toBe(false)
        if (normal.startsWith('/')) expect(names.includes('..')).toBe(false)
        else expect(names.lastIndexOf('..')).toBe(names.filter(name => name === '..').length - 1)
      }),
      { numRuns: 1000 },
    )
  })
})

test.each([
  ['/etc', 'passwd', '/etc/passwd'],
  ['/etc/', './passwd', '/etc/passwd'],
  ['/etc', '../home', '/home'],
  ['/', '../home', '/home'],
  ['/etc', '/usr//lib', '/usr/lib'],
  ['/etc', '', '/etc'],
])('from %s, %j is %s', (base, path, joined) => {
  expect(join(base, path)).toBe(joined)
})

describe('hasPrefix', () => {
  test.each([
    ['/etc', '/etc', true],
    ['/etc/passwd', '/etc', true],
    ['/etc/passwd', '/etc/', true],
    ['/etc', '/etc/', true],
    ['/etc', '/etc//', true],
    ['/etcetera', '/etc', false],
    ['/etcetera', '/etc/', false],
    ['/et', '/etc', false],
    ['/', '/', true],
    ['/etc', '/', true],
    ['/etc', '//', true],
    ['etc', '/', false],
    ['etc/x', 'etc', true],
    ['/', '/etc', false],
    ['/etc', '', false],
    ['', '', false],
    ['/m\xc3\xbcll/x', pathOfText('/müll'), true],
  ])('of %s, %j: %s', (path, prefix, has) => {
    expect(hasPrefix(path, prefix)).toBe(has)
  })

  test('is what its components say', () => {
    fc.assert(
      fc.property(aPath.map(normalize), aPath.map(normalize), (path, prefix) => {
        const names = prefix.split('/').filter(name => name !== '')
        const first = path.split('/').filter(name => name !== '')
        const alike = names.every((name, i) => first[i] === name)
        const has = prefix !== '' && prefix.startsWith('/') === path.startsWith('/') && alike
        expect(hasPrefix(path, prefix)).toBe(has)
      }),
      { numRuns: 1000 },
    )
  })
})
