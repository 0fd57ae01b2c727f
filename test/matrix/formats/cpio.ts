/** What an archive can hold; `path` is absolute in the guest. */
export type Entry =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  | { readonly kind: 'file'; readonly path: string; readonly content: Buffer; readonly executable: boolean }

const empty = Buffer.alloc(0)
const zeroes = Buffer.alloc(3)

/** A cpio "newc" archive, in pieces to be written one after the other, that the kernel unpacks as an initramfs. */
export function cpio(entries: readonly Entry[]): Buffer[] {
  const chunks = withParents(entries).flatMap((entry, i) => encode(entry, i + 1))
  return [...chunks, ...record('TRAILER!!!', 0, 0, empty)]
}

/** Every entry once (the last of a path wins), with the directories it needs, in an order the kernel can unpack. */
export function withParents(entries: readonly Entry[]): Entry[] {
  const byPath = new Map<string, Entry>()
  for (const entry of entries) {
    for (const path of parents(entry.path)) {
      if (!byPath.has(path)) byPath.set(path, { kind: 'directory', path })
    }
    byPath.set(entry.path, entry)
  }
  return [...byPath.values()].sort((a, b) => depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : 1))
}

function encode(entry: Entry, inode: number): Buffer[] {
  const name = entry.path.slice(1)
  switch (entry.kind) {
    case 'directory':
      return record(name, inode, 0o040755, empty)
    case 'symlink':
      return record(name, inode, 0o120777, Buffer.from(entry.target))
    case 'file':
      return record(name, inode, entry.executable ? 0o100755 : 0o100644, entry.content)
  }
}

// Linux Documentation/driver-api/early-userspace/buffer-format.rst: 13 fields of 8 hex digits, name and content
// each padded to 4 bytes. Owner, times and devices are 0, so that equal contents give equal bytes.
function record(name: string, inode: number, mode: number, content: Buffer): Buffer[] {
  const nameBytes = Buffer.from(`${name}\0`)
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, nameBytes.length, 0]
  const header = '070701' + fields.map(f => f.toString(16).padStart(8, '0')).join('')
  const start = Buffer.concat([Buffer.from(header), nameBytes])
  return [start, padding(start.length), content, padding(content.length)]
}

function padding(length: number): Buffer {
  return zeroes.subarray(0, -length & 3)
}

function parents(path: string): string[] {
  const names = path.split('/').slice(1, -1)
  return names.map((_, i) => '/' + names.slice(0, i + 1).join('/'))
}

function depth(path: string): number {
  return path.split('/').length
}
