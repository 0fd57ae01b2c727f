/**
 * The cgroups of this node, followed as they come and go, so that the id of a container's is known before its first
 * open arrives, and still when the container is gone by then.
 */
import type { Logger } from 'pino'
import { type Clock, systemClock } from '../../kube/clock.ts'
import type { DirectoryWatch } from '../native/inotify.ts'
import { CallFailed } from '../native/libc.ts'
import { below, CgroupWatch } from './cgroup-watch.ts'
import type { Hierarchy, Whereabouts } from './hierarchy.ts'

/**
 * A watch is a kilobyte of the kernel's, and a container may make cgroups without end. What is beyond is not
 * followed: it is asked for when an open comes from there.
 */
const MOST_FOLLOWED = 8192
const DEEPEST = 16
/** How often all of it is looked through where it can't be watched, and at most where ids can't be asked for. */
const RESCAN_MS = 5000
const SOONEST_RESCAN_MS = 500

export interface CgroupListener {
  born(id: bigint, path: string): void
  gone(id: bigint): void
}

/** What the origins of opens need to know of cgroups. */
export interface Cgroups {
  /** Tells of all there are, then of each that comes or goes. */
  start(listener: CgroupListener): void
  find(id: bigint): Whereabouts
}

export interface CgroupTreeParts {
  hierarchy: Pick<Hierarchy, 'directory' | 'id' | 'find' | 'children'>
  log: Logger
  clock?: Clock
  /** Throws CallFailed where there is no way to watch. */
  watch?: () => DirectoryWatch
}

export class CgroupTree implements Cgroups, Disposable {
  readonly #hierarchy: CgroupTreeParts['hierarchy']
  readonly #log: Logger
  readonly #clock: Clock
  readonly #openWatch: (() => DirectoryWatch) | undefined
  readonly #stack = new DisposableStack()
  readonly #byPath = new Map<string, bigint>()
  readonly #byId = new Map<bigint, string>()
  #listener: CgroupListener = { born() {}, gone() {} }
  #watch: CgroupWatch | undefined
  #canAsk = true
  #scannedMs = Number.NEGATIVE_INFINITY

  constructor(parts: CgroupTreeParts) {
    this.#hierarchy = parts.hierarchy
    this.#log = parts.log
    this.#clock = parts.clock ?? systemClock
    this.#openWatch = parts.watch
  }

  start(listener: CgroupListener): void {
    this.#listener = listener
    try {
      this.#watch = new CgroupWatch(this.#hierarchy.directory, () => this.#refresh(), this.#openWatch?.())
      this.#stack.defer(() => this.#watch?.[Symbol.dispose]())
    } catch (error) {
      this.#giveUpWatching(error)
    }
    this.#scan()
  }

  find(id: bigint): Whereabouts {
    this.#refresh()
    const path = this.#byId.get(id)
    if (path !== undefined) return { path }
    const asked = this.#ask(id)
    if (asked !== undefined) return asked
    if (this.#clock.monotonicMs() - this.#scannedMs > SOONEST_RESCAN_MS) this.#scan()
    const found = this.#byId.get(id)
    return found === undefined ? 'gone' : { path: found }
  }

  /** undefined: there is no way to ask. */
  #ask(id: bigint): Whereabouts | undefined {
    if (!this.#canAsk) return undefined
    try {
      return this.#hierarchy.find(id)
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      this.#log.warn({ err: error }, 'an unknown cgroup is looked for among all of them')
      this.#canAsk = false
      return undefined
    }
  }

  #refresh(): void {
    // A throw inside koffi's callback would stall later ones.
    try {
      for (const change of this.#watch?.changes() ?? []) {
        if (change.what === 'overflow') this.#scan()
        else if (change.what === 'deleted') this.#remove(change.path)
        else this.#add(change.path)
      }
    } catch (error) {
      this.#log.error({ err: error }, 'the changes of cgroups can not be read')
    }
  }

  /** Looks through everything: what is not there is gone, what is new is born. */
  #scan(): void {
    this.#scannedMs = this.#clock.monotonicMs()
    for (const [path, id] of [...this.#byPath]) if (this.#hierarchy.id(path) !== id) this.#remove(path)
    this.#add('/')
  }

  /** With all that is in it. It is watched before its children are listed, so that none slips through. */
  #add(path: string): void {
    const id = this.#hierarchy.id(path)
    const known = this.#byPath.get(path)
    if (known !== undefined && known !== id) this.#remove(path)
    if (id === undefined) return
    if (known !== id) {
      if (this.#byPath.size >= MOST_FOLLOWED || path.split('/').length > DEEPEST) return
      this.#watchDirectory(path)
      this.#byPath.set(path, id)
      this.#byId.set(id, path)
      this.#listener.born(id, path)
    }
    for (const name of this.#hierarchy.children(path)) this.#add(below(path, name))
  }

  #remove(path: string): void {
    const id = this.#byPath.get(path)
    if (id === undefined) return
    this.#byPath.delete(path)
    this.#byId.delete(id)
    this.#listener.gone(id)
  }

  #watchDirectory(path: string): void {
    try {
      this.#watch?.add(path)
    } catch (error) {
      this.#giveUpWatching(error)
    }
  }

  /** Most often the user's limit of watches or instances, shared with all that root runs. */
  #giveUpWatching(error: unknown): void {
    if (!(error instanceof CallFailed)) throw error
    this.#log.warn({ err: error }, 'cgroups can not be watched: they are looked through every few seconds')
    this.#watch?.[Symbol.dispose]()
    this.#watch = undefined
    const again = () => {
      this.#scan()
      timer = this.#clock.after(RESCAN_MS, again)
    }
    let timer = this.#clock.after(RESCAN_MS, again)
    this.#stack.defer(() => timer[Symbol.dispose]())
  }

  [Symbol.dispose](): void {
    this.#stack.dispose()
  }
}
