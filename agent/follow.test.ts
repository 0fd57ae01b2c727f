import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { follow } from './follow.ts'

/** A file system of links alone; whatever else is asked for is no link. */
const following = (path: string, links: Record<string, string>) =>
  follow(path, at => (Object.hasOwn(links, at) ? links[at]! : null))

test.each<[string, string, Record<string, string>, string]>([
  ['a path without links stays', '/etc/passwd', {}, '/etc/passwd'],
  ['a link is followed', '/lib/libc.so', { '/lib': '/usr/lib' }, '/usr/lib/libc.so'],
  ['a relative link leads from its own directory', '/a/b/c', { '/a/b': 'x/y' }, '/a/x/y/c'],
  ['a link upwards too', '/a/b/c', { '/a/b': '../x' }, '/x/c'],
  ['the last name is followed', '/etc/mtab', { '/etc/mtab': '../proc/self/mounts' }, '/proc/self/mounts'],
  ['links lead to links', '/a/f', { '/a': 'b', '/b': '/c', '/c': 'd' }, '/d/f'],
  ['.. goes up from where the link led', '/a/../f', { '/a': '/x/y' }, '/x/f'],
  ['.. at the root stays there', '/../../etc', {}, '/etc'],
  ['a link that goes up too far ends at the root', '/a/f', { '/a': '../../../etc' }, '/etc/f'],
  ['. and needless slashes vanish', '//a/.//b/', {}, '/a/b'],
  ['the root is the root', '/', {}, '/'],
  ['a link to the root', '/a/etc', { '/a': '/' }, '/etc'],
  ['a link to nothing', '/a/f', { '/a': '' }, '/f'],
  ['a link to itself is kept as it stands', '/a/f', { '/a': 'a' }, '/a/f'],
  ['two links to each other end', '/a', { '/a': '/b', '/b': '/a' }, '/a'],
  ['a link that grows ends', '/a', { '/a': '/a/a' }, `/a${'/a'.repeat(40)}`],
  ['names that look like others are names', '/.../..a', { '/...': '/x' }, '/x/..a'],
  ['names of an object are names', '/constructor/__proto__', {}, '/constructor/__proto__'],
])('%s', (_, path, links, real) => {
  expect(following(path, links)).toBe(real)
})

describe('whatever the links', () => {
  const name = fc.constantFrom('a', 'b', 'c', '..', '.', '')
  const path = fc.array(name, { maxLength: 6 }).map(names => names.join('/'))
  const absolute = path.map(path => `/${path}`)
  const links = fc.dictionary(
    fc
      .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
      .map(names => `/${names.join('/')}`),
    fc.oneof(path, absolute),
    { maxKeys: 6, noNullPrototype: true },
  )

  test('the answer is an absolute path without . or .., found with few questions', () => {
    fc.assert(
      fc.property(absolute, links, (path, links) => {
        const asked: string[] = []
        const real = follow(path, at => {
          asked.push(at)
          return Object.hasOwn(links, at) ? links[at]! : null
        })
        expect(real).toMatch(/^\/$|^(\/[abc])+$/)
        expect(asked.every(at => /^(\/[abc])+$/.test(at))).toBe(true)
        expect(asked.length).toBeLessThanOrEqual(6 * 41)
      }),
      { numRuns: 1000 },
    )
  })

  test('without loops nothing is left to follow', () => {
    fc.assert(
      fc.property(absolute, links, (path, links) => {
        // Links lead only to where there are none.
        const ends = Object.fromEntries(Object.keys(links).map(at => [at, '/end/x']))
        const real = following(path, ends)
        expect(following(real, ends)).toBe(real)
      }),
    )
  })
})
