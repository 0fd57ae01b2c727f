import { escaped } from './escape.ts'

/** Where in the object: field names and list indexes, from the top. */
export type Path = readonly PropertyKey[]

/** One thing that is wrong with an object, wherever it was written. */
export interface Finding {
  path: Path
  /** Safe to print. */
  message: string
}

/** One thing that is wrong with a manifest, and its place there. */
export interface Problem {
  /** From 1. */
  line: number
  /** From 1, in UTF-16 units, as editors count. */
  column: number
  /** Like `spec.filter.uids[2]`; empty when the text itself is at fault. Safe to print. */
  path: string
  /** Safe to print. */
  message: string
}

const PLAIN_FIELD = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/

function step(key: PropertyKey): string {
  if (typeof key === 'number') return `[${key}]`
  const name = String(key)
  if (PLAIN_FIELD.test(name)) return '.' + name
  return `["${escaped(name.length > 64 ? name.slice(0, 64) + '…' : name)}"]`
}

/** `path` as people write it: `spec.filter.uids[2]`, `metadata.labels["a/b"]`. */
export const printedPath = (path: Path): string => path.map(step).join('').replace(/^\./, '')

const LISTED_MAX = 100

function printed(fileName: string, { line, column, path, message }: Problem): string {
  return `${escaped(fileName)}:${line}:${column}: ${path ? path + ': ' : ''}${message}`
}

/** A manifest that can't be used. The message has one line for each problem, in the order of the file. */
export class ManifestError extends Error {
  override name = 'ManifestError'
  readonly fileName: string
  /** Every problem found, in the order of the file. */
  readonly problems: readonly Problem[]

  /**
   * @param problems at least one, in any order
   * @param cause what the YAML parser threw, if it did
   */
  constructor(fileName: string, problems: readonly Problem[], cause?: unknown) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
    const lines = sorted.slice(0, LISTED_MAX).map(problem => printed(fileName, problem))
    if (sorted.length > LISTED_MAX)
      lines.push(`${escaped(fileName)}: and ${sorted.length - LISTED_MAX} more problems`)
    super(lines.join('\n'), cause === undefined ? {} : { cause })
    this.fileName = fileName
    this.problems = sorted
  }
}
