import { expect, test } from 'vitest'
import { CEL_RULES } from '../crds/extensions.ts'
import { LIMITS } from '../crds/limits.ts'
import { DEFINITIONS } from './definitions.ts'
import type { Structural } from './structural.ts'

/** Every schema within, with its path. */
function* within(schema: Structural, path: string): Generator<[string, Structural]> {
  yield [path, schema]
  for (const [name, inner] of Object.entries(schema.properties ?? {})) yield* within(inner, `${path}.${name}`)
  if (schema.items) yield* within(schema.items, `${path}[]`)
  if (schema.additionalProperties) yield* within(schema.additionalProperties, `${path}.*`)
}

const versionOf = (kind: string) =>
  DEFINITIONS.find(({ spec }) => spec.names.kind === kind)!.spec.versions[0]!
const schemaOf = (kind: string) => versionOf(kind).schema.openAPIV3Schema as Structural
const KINDS = ['TraceJob', 'TraceReport']
const all = KINDS.flatMap(kind => [...within(schemaOf(kind), kind)])
const paths = (broken: (schema: Structural, path: string) => boolean) =>
  all.filter(([path, schema]) => broken(schema, path)).map(([path]) => path)

test('every field is described, for kubectl explain', () => {
  const isField = (path: string) => /^\w+\.(spec|status)\b.*[^\]*]$/.test(path)
  expect(paths(({ description }, path) => isField(path) && !/\.$/.test(description ?? ''))).toEqual([])
})

test('every list says how it is merged, and every text, list and map has a bound', () => {
  expect(paths(schema => schema.type === 'array' && !schema['x-kubernetes-list-type'])).toEqual([])
  expect(paths(schema => schema.type === 'array' && schema.maxItems === undefined)).toEqual([])
  expect(
    paths(({ type, enum: words, maxLength }) => type === 'string' && !words && maxLength === undefined),
  ).toEqual([])
  expect(
    paths(({ additionalProperties, maxProperties }) => !!additionalProperties && maxProperties === undefined),
  ).toEqual([])
})

test('what of a status is bound by a rule is bound for its size alone', () => {
  const inStatus = (path: string) => /^\w+\.status\b/.test(path)
  expect(paths((schema, path) => inStatus(path) && CEL_RULES in schema)).toEqual(['TraceReport.status'])
  expect(paths(({ enum: words }, path) => inStatus(path) && words !== undefined)).toEqual([])
  expect(paths(({ required }, path) => inStatus(path) && required !== undefined)).toEqual([
    'TraceJob.status.conditions[]',
  ])
})

test('every rule has a message that begins where the name of the field ends', () => {
  const messages = all.flatMap(([, schema]) => (schema[CEL_RULES] ?? []).map(({ message }) => message))
  expect(messages.length).toBeGreaterThan(20)
  expect(messages.filter(message => !/^(must|is|can not) /.test(message))).toEqual([])
})

test.each(KINDS)('the columns and selectable fields of %s are there', kind => {
  const { additionalPrinterColumns, selectableFields } = versionOf(kind)
  const known = new Set([...within(schemaOf(kind), '')].map(([path]) => path))
  const simple = [...additionalPrinterColumns, ...selectableFields]
    .map(({ jsonPath }) => jsonPath)
    .filter(path => !path.startsWith('.metadata') && !path.includes('['))
  expect(simple.filter(path => !known.has(path))).toEqual([])
  expect(known.has('.status.conditions[].status') || kind === 'TraceReport').toBe(true)
})

/** The length of the longest JSON that a schema takes, without what is in its texts. */
function longest(schema: Structural): number {
  const sum = (lengths: number[]) => lengths.reduce((total, length) => total + length, 0)
  if (schema['x-kubernetes-int-or-string']) return Math.max(20, 2 + 6 * schema.maxLength!)
  switch (schema.type) {
    case 'string':
      return schema.format === 'date-time' ? 2 + schema.maxLength! : 4 // null, or quotes
    case 'integer':
      return '-9223372036854775808'.length
    case 'number':
      return '-1.7976931348623157e+308'.length
    case 'boolean':
      return 'false'.length
    case 'array':
      return 2 + schema.maxItems! * (1 + longest(schema.items!))
    default: {
      const fields = Object.entries(schema.properties!)
      return 2 + sum(fields.map(([name, field]) => name.length + 4 + longest(field)))
    }
  }
}

// 36.7 KB today. What the API server adds, such as who manages which field, is its own.
test('no status of a report is larger than 40 KiB, whatever its agent writes', () => {
  const status = schemaOf('TraceReport').properties!.status!
  // What JSON can not have as it is, it has in six bytes: \u0001, and for Go's \u003c too.
  expect(longest(status) + 6 * LIMITS.reportBytes).toBeLessThan(40_960)
})
