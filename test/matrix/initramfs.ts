import { type FileHandle, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { cpio, type Entry } from './formats/cpio.ts'
import { guestObjects, guestProject, projectRoot } from './paths.ts'
import { runtimeEntries } from './runtime.ts'
import { fileEntry, treeEntries } from './tree.ts'

const rooms = ['crds', 'agent', 'bpf', 'cli', 'operator', 'test/acceptance', 'test/opener']

export interface GuestContents {
  /** Path in the project, run by node. */
  readonly script: string
  readonly args: readonly string[]
  /** Guest path → host path. */
  readonly files: Readonly<Record<string, string>>
  /** Folder of compiled BPF objects on this machine; laid at `guestObjects`. Need not exist. */
  readonly cacheDir: string
}

/**
 * Writes the initramfs of one guest, about 140 MB, to a file that has no name any more: nothing of it stays behind,
 * however we end. Not compressed: unpacking zstd costs an emulated kernel a second, and as it is there is nothing to
 * build that would be worth keeping.
 */
export async function openInitramfs(folder: string, contents: GuestContents): Promise<FileHandle> {
  const path = join(folder, 'initramfs')
  const file = await open(path, 'wx+')
  try {
    await unlink(path)
    await file.writeFile(cpio([...runtimeEntries(), ...guestEntries(contents)]))
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

function guestEntries({ script, args, files, cacheDir }: GuestContents): Entry[] {
  const command = ['cd', guestProject, '&&', 'exec', 'node', `${guestProject}/${script}`]
  return [
    ...rooms.flatMap(room => treeEntries(`${guestProject}/${room}`, join(projectRoot, room), isSource)),
    ...treeEntries(
      `${guestProject}/node_modules/@tracejob`,
      join(projectRoot, 'node_modules/@tracejob'),
      () => true,
    ),
    fileEntry(`${guestProject}/package.json`, join(projectRoot, 'package.json')),
    fileEntry(`${guestProject}/${script}`, join(projectRoot, script)),
    ...treeEntries(guestObjects, cacheDir, () => true),
    ...Object.entries(files).map(([guest, host]) => fileEntry(guest, host)),
    {
      kind: 'file',
      path: '/guest-command',
      content: Buffer.from([...command, ...args.map(quote)].join(' ') + '\n'),
      executable: false,
    },
  ]
}

function isSource(path: string): boolean {
  return !/(^|\/)(node_modules|testdata)\/|\.test\.ts$/.test(path)
}

/** For the shell: nothing inside single quotes is special but the quote itself. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
