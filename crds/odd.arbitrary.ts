import fc from 'fast-check'

// For tests: objects with something odd about them, as a slip of a user's or a bug in a program would have it.

const lengths = (...values: number[]) => fc.constantFrom(...values)
const letter = fc.constantFrom('a', 'é', '💥')
const repeated = (prefix: string, length: fc.Arbitrary<number>) =>
  fc.tuple(letter, length).map(([text, times]) => prefix + text.repeat(times))

/** At the bounds of the contract, just beyond and far beyond them, and what is no business of a field's at all. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(0, 1, -1, 1.5, 604_800, 604_801, 4_294_967_295, 4_294_967_296, 2 ** 53, 1e300),
  fc.constantFrom('', '0', 'a', 'A', 'a.b', '-a', 'a-', 'a/b', 'a/b/c', '/a', '_a', ' ', 'é', '💥', '\0'),
  fc.constantFrom(
    '/',
    '/.',
    '/..',
    '/../a',
    '/a/./b',
    '/a/..',
    '/.a',
    '/..a',
    '/a..',
    '/...',
    'a/..',
    '/a\0b',
  ),
  fc.constantFrom('In', 'Exists', 'Gt', 'Equal', 'Cluster', 'NoExecute', 'metadata.name'),
  repeated('', lengths(1, 15, 16, 63, 64, 127, 128, 253, 254, 255, 256, 317, 318)),
  repeated('/', lengths(62, 63, 64, 126, 127, 128, 254, 255)),
  lengths(253, 254).map(length => `${'a'.repeat(length)}/b`),
  lengths(63, 64).map(length => `a/${'b'.repeat(length)}`),
  fc.constantFrom<unknown>(true, [], {}, [[]], [{}], ['a'], ['/a'], [0]),
  fc.constantFrom({ a: 'b' }, { 'a/b/c': 'd' }, { A: '-' }, { openat: {} }),
)

const FIELDS = [
  ...['program', 'openat', 'source', 'inline', 'fexit', 'namespaceSelector', 'filter', 'values', 'value'],
  ...['key', 'operator', 'effect', 'tolerationSeconds', 'matchFields', 'other'],
]

type Tree = Record<string, unknown>
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null

/** What can go wrong with what `holder` has at `key`. */
type Slip = (holder: Tree, key: string) => void

const replacedBy =
  (odd: unknown): Slip =>
  (holder, key) => {
    holder[key] = odd
  }

const withField =
  (name: string, odd: unknown): Slip =>
  (holder, key) => {
    const within = holder[key]
    if (isTree(within)) within[name] = odd
  }

const left: Slip = (holder, key) => {
  if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else delete holder[key]
}

const tooOften: Slip = (holder, key) => {
  if (!Array.isArray(holder)) return
  while (holder.length <= 64) holder.push(structuredClone(holder[Number(key)]))
}

const slip: fc.Arbitrary<Slip> = fc.oneof(
  { weight: 6, arbitrary: oddValue.map(replacedBy) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...FIELDS), oddValue).map(args => withField(...args)) },
  { weight: 2, arbitrary: fc.constant(left) },
  { weight: 1, arbitrary: fc.constant(tooOften) },
)

/** The places below `tree` where something stands, each by its holder and key. */
function* places(tree: Tree): Generator<[Tree, string]> {
  for (const [key, value] of Object.entries(tree)) {
    yield [tree, key]
    if (isTree(value)) yield* places(value)
  }
}

/** What `whole` makes, with one or two slips in its spec. */
export const withSlips = <T extends { spec: object }>(whole: fc.Arbitrary<T>): fc.Arbitrary<object> =>
  fc
    .tuple(whole, fc.array(fc.tuple(fc.nat(), slip), { minLength: 1, maxLength: 2 }))
    .map(([object, slips]) => {
      const odd = structuredClone(object)
      for (const [at, make] of slips) {
        const all = [...places({ spec: odd.spec })]
        make(...all[at % all.length]!)
      }
      return odd
    })
