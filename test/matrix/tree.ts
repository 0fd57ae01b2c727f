import { lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Entry } from './formats/cpio.ts'

/** A file of this machine, symbolic links followed, under a name of its own in the guest. */
export function fileEntry(guestPath: string, hostPath: string) {
  const executable = (statSync(hostPath).mode & 0o111) !== 0
  return { kind: 'file', path: guestPath, content: readFileSync(hostPath), executable } as const
}

/**
 * The files below a folder of this machine that `keep` wants, asked with the path relative to `hostFolder`; symbolic
 * links stay links. A folder that does not exist has nothing below it.
 */
export function treeEntries(
  guestFolder: string,
  hostFolder: string,
  keep: (path: string) => boolean,
): Entry[] {
  const found: Entry[] = []
  const visit = (relative: string) => {
    const host = join(hostFolder, relative)
    const guest = join(guestFolder, relative)
    const stat = lstatSync(host, { throwIfNoEntry: false })
    if (!stat) return
    if (stat.isDirectory()) for (const name of readdirSync(host)) visit(join(relative, name))
    else if (!keep(relative)) return
    else if (stat.isSymbolicLink()) found.push({ kind: 'symlink', path: guest, target: readlinkSync(host) })
    else if (stat.isFile()) found.push(fileEntry(guest, host))
  }
  visit('')
  return found
}
