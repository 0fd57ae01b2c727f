/** Cgroups that come and go, by their paths, as the kernel tells of the directories they are. */
import { DirectoryWatch } from '../native/inotify.ts'
import { CallFailed } from '../native/libc.ts'
import { whenReadable } from '../native/poll.ts'

const ENOENT = 2

export type CgroupChange = { what: 'created' | 'deleted'; path: string } | { what: 'overflow' }

export class CgroupWatch implements Disposable {
  readonly #directory: string
  readonly #watch: DirectoryWatch
  readonly #paths = new Map<number, string>()
  readonly #stack = new DisposableStack()

  /**
   * Throws CallFailed where there is no way to watch.
   * @param directory in which paths begin.
   * @param call when there are changes to read: it must read them.
   */
  constructor(directory: string, call: () => void, watch = new DirectoryWatch()) {
    this.#directory = directory
    this.#watch = this.#stack.use(watch)
    this.#stack.use(whenReadable(watch.fd, call))
  }

  /** From now on tells of what comes and goes in that cgroup. Throws CallFailed if not; one that is gone is no failure. */
  add(path: string): void {
    try {
      this.#paths.set(this.#watch.add(`${this.#directory}${path}`), path)
    } catch (error) {
      if (!(error instanceof CallFailed && error.errno === ENOENT)) throw error
    }
  }

  /** What has happened since the last call. */
  *changes(): Generator<CgroupChange> {
    for (const change of this.#watch.read()) {
      if (change.what === 'overflow') yield { what: 'overflow' }
      else if (change.what === 'unwatched') this.#paths.delete(change.watch)
      else {
        const parent = this.#paths.get(change.watch)
        if (parent !== undefined) yield { what: change.what, path: below(parent, change.name) }
      }
    }
  }

  [Symbol.dispose](): void {
    this.#stack.dispose()
  }
}

/** The path of the cgroup of that name in another. */
export function below(path: string, name: string): string {
  return path === '/' ? `/${name}` : `${path}/${name}`
}
