import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { writeAll } from './write-all.ts'

const SAID: Record<string, string> = {
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'its directory is not a directory',
  EISDIR: 'it is a directory',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
}

/** A place where the report can't be written. */
export class DestinationRefused extends Error {
  override name = 'DestinationRefused'
  constructor(path: string, cause: unknown) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    super(`the report can't be written to ${path}: ${SAID[code] ?? message}`, { cause })
  }
}

/** Where a report will be written once the trace is over. */
export interface Destination {
  /** All or nothing: a reader never sees half a report. Throws DestinationRefused. */
  write(text: string): void
}

/**
 * Looks now whether `path` can be written later, and leaves nothing there yet. `-` is standard output.
 * Throws DestinationRefused.
 */
export function openDestination(path: string): Destination {
  const asked = path
  const attempt = (act: () => void) => {
    try {
      act()
    } catch (cause) {
      throw new DestinationRefused(asked, cause)
    }
  }
  if (path === '-') return { write: text => attempt(() => writeAll(1, text)) }
  // A link is followed, so that the file it leads to is replaced and not the link.
  const target = followed(path)
  if (isDevice(target)) return { write: text => attempt(() => writeFileSync(target, text)) }
  const draft = join(dirname(target), `.tracejob-${randomUUID()}.tmp`)
  attempt(() => {
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory()) {
      throw Object.assign(new Error('it is a directory'), { code: 'EISDIR' })
    }
    writeDraft(draft, '')
    rmSync(draft)
  })
  return {
    write: text =>
      attempt(() => {
        try {
          writeDraft(draft, text)
          renameSync(draft, target)
        } catch (error) {
          rmSync(draft, { force: true })
          throw error
        }
      }),
  }
}

/** Fails if there is such a file already: in a directory that others write to, it could be a trap. */
function writeDraft(draft: string, text: string): void {
  const fd = openSync(draft, 'wx', 0o644)
  try {
    writeFileSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function followed(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path // not there yet
  }
}

/** /dev/null, /dev/stderr, a pipe of the shell's >(…): written to as they are, never replaced. */
function isDevice(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && !found.isFile() && !found.isDirectory()
}
