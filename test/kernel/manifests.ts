/** Manifests for trials, as text. */

/** A TraceJob up to its spec, which begins on line 4. */
export const HEAD = 'apiVersion: tracejob.dev/v1alpha1\nkind: TraceJob\nmetadata: {name: trial}\n'

const TEN_MEGABYTES = 10 * 2 ** 20

/** A job that reports every open below `prefix` and leaves none out. */
export function opensBelow(prefix: string): string {
  return `${HEAD}spec:
  filter: {pathPrefixes: [${JSON.stringify(prefix)}]}
  output: {maxEventsPerSecond: 100000000}
`
}

/** What is wrong, the manifest, and what is said of it after the file's name. */
export const WRONG: readonly (readonly [what: string, manifest: string, said: RegExp])[] = [
  [
    'an unknown field',
    `${HEAD}spec:\n  filters: {}\n`,
    /^:5:3: spec\.filters: unknown field; did you mean "filter"\?/,
  ],
  [
    'a wrong type',
    `${HEAD}spec:\n  durationSeconds: soon\n`,
    /^:5:20: spec\.durationSeconds: must be a whole number, not the text "soon"$/,
  ],
  [
    'two programs at once',
    `${HEAD}spec:\n  program:\n    openat: {}\n    source: {inline: "int x;"}\n`,
    /^:5:3: spec\.program: must have exactly one of openat, source/m,
  ],
  [
    'a negative duration',
    `${HEAD}spec:\n  durationSeconds: -1\n`,
    /^:5:20: spec\.durationSeconds: must be at least 1, not -1$/,
  ],
  ['an empty file', '', /^:1:1: the file is empty; a TraceJob begins with apiVersion and kind$/],
  [
    'tabs',
    `${HEAD}spec:\n\tdurationSeconds: 1\n`,
    /^:5:1: a tab is used as indentation, and YAML allows only spaces there$/,
  ],
  [
    'a 10 MB manifest',
    HEAD + '#'.repeat(TEN_MEGABYTES),
    /^:1:1: the manifest is \d+ bytes long, and at most 1048576 \(1 MiB\) are read/,
  ],
  [
    'several documents in one file',
    `${HEAD}spec: {}\n---\n${HEAD}spec: {}\n`,
    /^:6:1: the file holds several documents \(TraceJob "trial" at line 1, TraceJob "trial" at line 6\)/,
  ],
]
