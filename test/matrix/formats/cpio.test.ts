import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cpio, type Entry, withParents } from './cpio.ts'

const file = (path: string, text = '', executable = false): Entry => ({
  kind: 'file',
  path,
  content: Buffer.from(text),
  executable,
})

test('puts every folder before what lies in it, and each once', () => {
  const entries = withParents([file('/a/b/c.txt'), file('/a/d.txt'), { kind: 'directory', path: '/a' }])
  expect(entries.map(e => e.path)).toEqual(['/a', '/a/b', '/a/d.txt', '/a/b/c.txt'])
})

test('lets the last entry of a path win', () => {
  const entries = withParents([file('/hello', 'first'), file('/hello', 'second')])
  expect(entries).toEqual([file('/hello', 'second')])
})

test.each([
  ['a file', file('/f', 'x'), '000081a4'],
  ['a program', file('/f', 'x', true), '000081ed'],
  ['a folder', { kind: 'directory', path: '/f' } as const, '000041ed'],
  ['a symbolic link', { kind: 'symlink', path: '/f', target: 'g' } as const, '0000a1ff'],
])('gives %s the mode the kernel makes it from', (_, entry, mode) => {
  expect(Buffer.concat(cpio([entry])).toString('latin1', 14, 22)).toBe(mode)
})

test('writes what it was given, aligned to four bytes throughout, with a trailer at the end', () => {
  const name = fc.stringMatching(/^[a-z]{1,9}$/)
  const files = fc.dictionary(name, fc.uint8Array({ maxLength: 40 }))
  fc.assert(
    fc.property(files, contents => {
      const entries = Object.entries(contents).map(([name, bytes]) => ({
        ...file(`/${name}`),
        content: Buffer.from(bytes),
      }))
      const read = readBack(Buffer.concat(cpio(entries)))
      expect(read.pop()).toEqual({ name: 'TRAILER!!!', content: Buffer.alloc(0) })
      const wanted = entries.map(e => ({ name: e.path.slice(1), content: e.content }))
      expect(read).toEqual(wanted.sort((a, b) => (a.name < b.name ? -1 : 1)))
    }),
  )
})

// As the kernel's init/initramfs.c does: header, name, up to 4 bytes, content, up to 4 bytes.
function readBack(archive: Buffer): { name: string; content: Buffer }[] {
  const records = []
  for (let at = 0; at < archive.length; ) {
    const field = (i: number) =>
      Number.parseInt(archive.toString('latin1', at + 6 + i * 8, at + 14 + i * 8), 16)
    expect(archive.toString('latin1', at, at + 6)).toBe('070701')
    const nameEnd = at + 110 + field(11)
    const start = (nameEnd + 3) & ~3
    const end = start + field(6)
    records.push({
      name: archive.toString('utf8', at + 110, nameEnd - 1),
      content: archive.subarray(start, end),
    })
    at = (end + 3) & ~3
  }
  return records
}
