/** The last word on a path filter, where the kernel program could not decide. */
import { existsSync, readlinkSync } from 'node:fs'
import type { TraceJobSpec } from '../crds/trace-job.ts'
import { follow } from './follow.ts'
import { BIT, type EventLayout } from './layout.ts'
import { type Names, normalize, type Prefixes, pathOfText, verdict } from './paths.ts'
import type { Views } from './ring.ts'

const RESOLVE_IN_ROOT = 0x10
const LEADING_SLASHES = /^\/+/
/** Directories that were followed are remembered for a moment: a burst asks for few. */
const REMEMBERED = 1024
const REMEMBERED_MS = 1000

export class PathDecision {
  readonly #layout: EventLayout
  readonly #prefixes: Prefixes
  readonly #followed = new Map<string, string>()
  #forgetAt = 0

  constructor(layout: EventLayout, filter: TraceJobSpec['filter']) {
    this.#layout = layout
    this.#prefixes = {
      include: filter.pathPrefixes.map(prefix => normalize(pathOfText(prefix))),
      exclude: filter.excludePathPrefixes.map(prefix => normalize(pathOfText(prefix))),
    }
  }

  /** Whether the event passes. One that can't be decided does: better one report too many than one too few. */
  isWanted(v: Views, p: number, nowMilliseconds: number): boolean {
    const names = namesOf(this.#layout, v, p)
    // Nothing was opened, so only the file system can tell what a symlink on the way would have led to.
    const resolved = names.resolved ?? (names.failed ? this.#real(names, v, p, nowMilliseconds) : null)
    return verdict({ ...names, resolved }, this.#prefixes) !== 'drop'
  }

  /** The asked name with the symlinks of its directory followed; null when it can't be told where it starts. */
  #real({ asked, base }: Names, v: Views, p: number, nowMilliseconds: number): string | null {
    const start = asked?.startsWith('/') ? '' : base
    if (asked === null || start === null) return null
    const whole = `${start}/${asked}`
    const cut = whole.lastIndexOf('/')
    if (nowMilliseconds > this.#forgetAt || this.#followed.size > REMEMBERED) {
      this.#followed.clear()
      this.#forgetAt = nowMilliseconds + REMEMBERED_MS
    }
    const root = rootOf(v.u32[(p + this.#layout.tgid) >> 2]!)
    const folder = whole.slice(0, cut)
    const key = `${v.u32[(p + this.#layout.mntns) >> 2]}:${folder}`
    let real = this.#followed.get(key)
    if (real === undefined) {
      real = follow(folder, linkBelow(root))
      this.#followed.set(key, real)
    }
    // The last name may be a link too, to something that is not there.
    const isReal = (path: string) => path === real || real.startsWith(`${path}/`)
    return follow(`${real}${whole.slice(cut)}`, path => (isReal(path) ? null : linkBelow(root)(path)))
  }
}

function namesOf(l: EventLayout, v: Views, p: number): Names {
  const pathLength = v.u16[(p + l.path_len) >> 1]!
  const resolvedLength = v.u16[(p + l.resolved_len) >> 1]!
  const baseLength = v.u16[(p + l.base_len) >> 1]!
  const path = p + l.size
  const text = (from: number, length: number) =>
    Buffer.from(v.u8.buffer, v.u8.byteOffset + from, length).toString('latin1')
  const known = v.u16[(p + l.path_error) >> 1] === 0 && !(v.u8[p + l.bits]! & BIT.noName)
  const inRoot = (v.u32[(p + l.resolve) >> 2]! & RESOLVE_IN_ROOT) !== 0
  const asked = text(path, pathLength)
  return {
    asked: !known ? null : inRoot ? asked.replace(LEADING_SLASHES, '') : asked,
    resolved: resolvedLength > 0 ? text(path + pathLength, resolvedLength) : null,
    base: baseLength > 0 ? text(path + pathLength + resolvedLength, baseLength) : null,
    failed: v.i32[(p + l.ret) >> 2]! < 0,
  }
}

/** The root directory of process `pid`, or our own when it is gone already, or not for us to look at (AppArmor). */
function rootOf(pid: number): string {
  const root = `/proc/${pid}/root`
  return existsSync(root) ? root : ''
}

function linkBelow(root: string): (path: string) => string | null {
  return path => {
    try {
      return readlinkSync(Buffer.from(`${root}${path}`, 'latin1'), 'latin1')
    } catch {
      return null
    }
  }
}
