/** Directories that come and go below directories, as the kernel tells it. */
import { closeSync } from 'node:fs'
import { CallFailed, lastErrno } from './libc.ts'
import { libc } from './library.ts'

const inotify_init1 = libc.func('int inotify_init1(int flags)')
const inotify_add_watch = libc.func('int inotify_add_watch(int fd, const char *path, uint32_t mask)')
const read = libc.func('int64_t read(int fd, _Out_ void *out, size_t bytes)')

const IN_NONBLOCK = 0o4000
const IN_CLOEXEC = 0o2000000
const IN_CREATE = 0x100
const IN_DELETE = 0x200
const IN_Q_OVERFLOW = 0x4000
const IN_IGNORED = 0x8000
const IN_ONLYDIR = 0x1000000
const IN_ISDIR = 0x40000000
const EAGAIN = 11
const BUFFER_BYTES = 64 << 10
/** struct inotify_event, without its name. */
const HEADER_BYTES = 16

export type DirectoryChange =
  /** `watch` is what add() returned for the directory it is in. */
  | { what: 'created' | 'deleted'; watch: number; name: string }
  /** The directory itself is gone, and with it the watch. */
  | { what: 'unwatched'; watch: number }
  /** There were more changes than the kernel could keep: any may be missing. */
  | { what: 'overflow' }

export class DirectoryWatch implements Disposable {
  readonly fd: number
  readonly #buffer = Buffer.alloc(BUFFER_BYTES)

  /** Throws CallFailed: EMFILE where the user's processes have too many such instances. */
  constructor() {
    this.fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC)
    if (this.fd < 0) throw new CallFailed('inotify_init1', lastErrno())
  }

  /** Begins to watch a directory; returns its number. Throws CallFailed: ENOENT, ENOSPC where the user has too many. */
  add(path: string): number {
    const watch = inotify_add_watch(this.fd, path, IN_CREATE | IN_DELETE | IN_ONLYDIR)
    if (watch < 0) throw new CallFailed('inotify_add_watch', lastErrno())
    return watch
  }

  /** What has happened since the last call; never waits. */
  read(): DirectoryChange[] {
    const changes: DirectoryChange[] = []
    for (;;) {
      const length = Number(read(this.fd, this.#buffer, BUFFER_BYTES))
      if (length < 0 && lastErrno() !== EAGAIN) throw new CallFailed('read of inotify', lastErrno())
      if (length <= 0) return changes
      for (let at = 0; at < length; ) {
        const nameBytes = this.#buffer.readUInt32LE(at + 12)
        const change = this.#change(at, nameBytes)
        if (change) changes.push(change)
        at += HEADER_BYTES + nameBytes
      }
    }
  }

  #change(at: number, nameBytes: number): DirectoryChange | undefined {
    const watch = this.#buffer.readInt32LE(at)
    const mask = this.#buffer.readUInt32LE(at + 4)
    if (mask & IN_Q_OVERFLOW) return { what: 'overflow' }
    if (mask & IN_IGNORED) return { what: 'unwatched', watch }
    if (!(mask & IN_ISDIR)) return undefined
    const padded = this.#buffer.subarray(at + HEADER_BYTES, at + HEADER_BYTES + nameBytes)
    const name = padded.toString('utf8', 0, padded.indexOf(0))
    return { what: mask & IN_CREATE ? 'created' : 'deleted', watch, name }
  }

  [Symbol.dispose](): void {
    closeSync(this.fd)
  }
}
