/*
 * Paths are bytes, not text: here each byte is one character of the string (Node's 'latin1'), so that invalid
 * UTF-8 survives. Everything is lexical; nobody asks a file system.
 */

const SLASH = 0x2f

// A component that is '', '.' or '..'; nearly no path has one, and then there is nothing to do.
const ODD_COMPONENT = /(?:^\.{1,2}|\/\.{0,2})(?:\/|$)/

/** The path of a text as people write it, for instance in a manifest. */
export function pathOfText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/**
 * Without '.', '..' and needless slashes. '..' at the root is the root; where a relative path leads upwards
 * it stays; '' is what a relative path has become that leads nowhere.
 */
export function normalize(path: string): string {
  if (!ODD_COMPONENT.test(path)) return path
  const absolute = path.charCodeAt(0) === SLASH
  const kept: string[] = []
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue
    if (name !== '..') kept.push(name)
    else if (kept.length > 0 && kept[kept.length - 1] !== '..') kept.pop()
    else if (!absolute) kept.push(name)
  }
  return (absolute ? '/' : '') + kept.join('/')
}

/** What `path` means to someone who stands in `base`, normalised. */
export function join(base: string, path: string): string {
  return normalize(path.charCodeAt(0) === SLASH ? path : `${base}/${path}`)
}

/**
 * Whether a normalised path is the prefix or lies below it: /etc has /etc and /etc/x below it, not /etcetera.
 * Slashes at the prefix's end mean nothing, '/' matches every absolute path, '' none.
 */
export function hasPrefix(path: string, prefix: string): boolean {
  let length = prefix.length
  while (length > 1 && prefix.charCodeAt(length - 1) === SLASH) length--
  if (length === 0) return false
  if (length === 1 && prefix.charCodeAt(0) === SLASH) return path.charCodeAt(0) === SLASH
  if (path.length < length || (path.length > length && path.charCodeAt(length) !== SLASH)) return false
  return path.startsWith(length === prefix.length ? prefix : prefix.slice(0, length))
}

/** What is known of an open's name; null is what isn't. */
export interface Names {
  /** As the program asked for it. With RESOLVE_IN_ROOT, pass an absolute one without its leading slashes. */
  asked: string | null
  /** What the kernel opened. */
  resolved: string | null
  /** The directory a relative `asked` starts from; anything but an absolute path counts as not known. */
  base: string | null
  /** The open failed, so there is nothing `resolved` could be. */
  failed: boolean
}

/** Normalised absolute prefixes. An empty `include` includes everything. */
export interface Prefixes {
  include: readonly string[]
  exclude: readonly string[]
}

/**
 * Whether an open is what the filter asks for. `include` is met by the name as asked for *or* as resolved,
 * lest `cd` or a symlink hide an open; `exclude` looks at what was really opened, and at the name asked for
 * only where nothing was. 'unknown': a name that isn't known would decide. Find out, or report the
 * open.
 */
export function verdict(names: Names, { include, exclude }: Prefixes): 'pass' | 'drop' | 'unknown' {
  const asked = absolute(names)
  const resolved = names.resolved
  const opened = resolved ?? (names.failed ? asked : null)
  if (matches(opened, exclude)) return 'drop'
  if (include.length > 0 && !matches(asked, include) && !matches(resolved, include)) {
    const allNamesKnown = asked !== null && (resolved !== null || names.failed)
    return allNamesKnown ? 'drop' : 'unknown'
  }
  return opened === null && exclude.length > 0 ? 'unknown' : 'pass'
}

function absolute({ asked, base }: Names): string | null {
  if (asked === null) return null
  if (asked.charCodeAt(0) === SLASH) return normalize(asked)
  return base?.charCodeAt(0) === SLASH ? join(base, asked) : null
}

function matches(path: string | null, prefixes: readonly string[]): boolean {
  return path !== null && prefixes.some(prefix => hasPrefix(path, prefix))
}
