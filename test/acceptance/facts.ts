import { isUtf8 } from 'node:buffer'
import { constants } from 'node:os'
import type { AttachMode } from '../../crds/attach-mode.ts'
import type { OpenEvent } from '../../crds/event.ts'
import type { MadeOpen } from '../opener/made.ts'
import { CREATING, openFlagsOf, resolveFlagsOf } from './flags.ts'

/** The longest name the kernel takes, without its NUL. */
const LONGEST = 4095

/**
 * What can be compared of an open, made or seen. Paths are texts of one character a byte.
 * A field that is missing is one of which nothing can be said.
 */
export type Facts = Record<string, string | number | boolean | null>

const errnoNames = new Map(
  // EWOULDBLOCK and ENOTSUP are other names of these two numbers.
  Object.entries(constants.errno)
    .filter(([name]) => name !== 'EWOULDBLOCK' && name !== 'ENOTSUP')
    .map(([name, number]) => [number, name]),
)

/** openat2 refuses a struct of the wrong size before it gets to where fexit and kprobes look. */
export function isVisible(made: MadeOpen, mode: AttachMode): boolean {
  return mode === 'Tracepoint' || made.call !== 'openat2' || made.flags !== null
}

/** What a right report would say of an open that was made. */
export function factsOfMade(made: MadeOpen): Facts {
  const path = latin1(made.pathBase64)
  const facts: Facts = {
    call: made.call,
    compat: made.compat,
    path: path === null ? null : path.slice(0, LONGEST),
    truncated: path !== null && path.length > LONGEST,
    ...result(made),
    ...who(made),
  }
  if (isText(made.comm)) facts.comm = made.comm
  if (made.call === 'openat' || made.call === 'openat2') facts.dirfd = dirfdName(made.dirfd)
  if (made.flags !== null) Object.assign(facts, asked(made, BigInt(made.flags)))
  if (made.resolvedBase64 !== undefined) {
    const resolved = latin1(made.resolvedBase64)!
    // There are no bytes to compare then, but the same name twice is written alike.
    if (isText(resolved)) facts.resolved = resolved
    else if (resolved === path) facts.resolvedIsPath = true
  } else if (made.ret < 0) {
    facts.resolved = null
  }
  return facts
}

/** The same of an event. */
export function factsOfSeen(event: OpenEvent): Facts {
  const path = event.pathBase64 ? latin1(event.pathBase64) : bytesOf(event.path)
  const facts: Facts = {
    call: event.call,
    compat: event.compat === true,
    path,
    truncated: event.pathTruncated === true,
    result: event.error ? outside(event.error) : (event.fd ?? 'nothing'),
    ...who(event),
    comm: bytesOf(event.comm)!,
    flags: hex(openFlagsOf(event.flags)),
    mode: event.mode ?? null,
    // No resolve flags may be said by an empty list or by none.
    resolve:
      event.call === 'openat2' ? hex(resolveFlagsOf(event.resolve ?? [])) : (event.resolve?.join() ?? null),
    resolved: bytesOf(event.resolvedPath ?? null),
    resolvedIsPath: event.resolvedPath === event.path,
  }
  if (event.dirfd !== undefined) facts.dirfd = String(event.dirfd)
  return facts
}

function asked(made: MadeOpen, flags: bigint): Facts {
  return {
    flags: hex(flags),
    mode: flags & CREATING ? '0' + (made.mode ?? 0).toString(8).padStart(3, '0') : null,
    resolve: made.call === 'openat2' ? hex(BigInt(made.resolve ?? 0)) : null,
  }
}

function result(made: MadeOpen): Facts {
  return { result: made.ret >= 0 ? made.ret : (errnoNames.get(-made.ret) ?? String(made.ret)) }
}

// Inside the kernel an interrupted open ends so; the program gets EINTR, or the call is made again for it.
function outside(error: string): string {
  return error.startsWith('ERESTART') ? 'EINTR' : error
}

function who(open: MadeOpen | OpenEvent): Facts {
  const { pid, tid, ppid, uid, gid } = open
  return { pid, tid, ppid, uid, gid }
}

function dirfdName(dirfd: number): string {
  return dirfd === -100 ? 'AT_FDCWD' : String(dirfd)
}

function hex(flags: bigint): string {
  return '0x' + flags.toString(16)
}

function latin1(base64: string | null): string | null {
  return base64 === null ? null : Buffer.from(base64, 'base64').toString('latin1')
}

function bytesOf(text: string | null): string | null {
  return text === null ? null : Buffer.from(text, 'utf8').toString('latin1')
}

/** JSON can carry no other bytes; U+FFFD stands for them. */
function isText(bytes: string): boolean {
  return isUtf8(Buffer.from(bytes, 'latin1'))
}
