import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { fieldTable, type Json, type TableOptions, UnknownSchema } from './fields.ts'

const jsonOf = (schema: z.ZodType): Json => z.toJSONSchema(schema, { io: 'input' })
const OPTIONS: TableOptions = { prefix: '', must: 'required' }

/** The rows below the head. */
const rowsOf = (schema: z.ZodType, options: Partial<TableOptions> = {}) =>
  fieldTable(jsonOf(schema), { ...OPTIONS, ...options })
    .split('\n')
    .slice(2)

test.each<[string, z.ZodType, string]>([
  ['a choice', z.enum(['All', 'None']), '`All`, `None`'],
  ['the one value allowed', z.literal('open'), '`open`'],
  ['a text', z.string(), 'string'],
  ['a text of a longest length', z.string().max(255), 'string (≤ 255)'],
  ['bytes', z.base64().max(8), 'base64 (≤ 8)'],
  ['a time', z.string().max(30).meta({ format: 'date-time' }), 'time (RFC 3339)'],
  ["a count, without the bound that is zod's own", z.int().min(0), 'integer (≥ 0)'],
  ['any whole number', z.int(), 'integer'],
  ['a number between bounds', z.int().min(1).max(60), 'integer (1 … 60)'],
  ['a number with a fraction', z.number().min(0), 'number (≥ 0)'],
  ['yes or no', z.boolean(), 'boolean'],
  ['what can be null', z.string().max(9).nullable(), 'string (≤ 9) or `null`'],
  ['one type or another', z.union([z.int().min(0), z.literal('AT_FDCWD')]), 'integer (≥ 0) or `AT_FDCWD`'],
  ['a list', z.array(z.string().max(63)).max(64), 'list (≤ 64) of string (≤ 63)'],
  ['a list that can not be empty', z.array(z.boolean()).min(1).max(3), 'list (1 … 3) of boolean'],
  ['a list of just one', z.array(z.boolean()).min(1).max(1), 'list (1) of boolean'],
  [
    'a map',
    z.record(z.string(), z.string().max(63)).meta({ maxProperties: 9 }),
    'map (≤ 9) to string (≤ 63)',
  ],
  ['an object', z.strictObject({}), 'object'],
])('says the type of %s', (_, schema, type) => {
  expect(rowsOf(z.strictObject({ a: schema.describe('Why.') }))).toEqual([
    `| \`a\` | ${type} | required | Why. |`,
  ])
})

test.each<[string, z.ZodType, string]>([
  ['a field that must be there', z.boolean(), 'required'],
  ['one that may be absent', z.boolean().optional(), '–'],
  ['a default that is a word', z.string().default('Auto'), '`Auto`'],
  ['a default that is a number', z.int().min(0).max(9).default(0), '`0`'],
  ['a default that is a list', z.array(z.strictObject({})).default([{}]), '`[{}]`'],
  ['a default that is applied before the defaults within', z.strictObject({}).prefault({}), '`{}`'],
])('says the default of %s', (_, schema, wanted) => {
  expect(rowsOf(z.strictObject({ a: schema }))[0]!.split(' | ')[2]).toBe(wanted)
})

const leaf = z.strictObject({ b: z.boolean() })

test.each<[string, z.ZodType, string[]]>([
  ['an object', leaf, ['spec.a', 'spec.a.b']],
  ['a list', z.array(leaf), ['spec.a', 'spec.a[].b']],
  ['a map', z.record(z.string(), leaf), ['spec.a', 'spec.a.*.b']],
  ['what can be null', leaf.nullable(), ['spec.a', 'spec.a.b']],
  ['a list in an object', z.strictObject({ c: z.array(leaf) }), ['spec.a', 'spec.a.c', 'spec.a.c[].b']],
])('names the fields within %s by their whole path', (_, schema, paths) => {
  const rows = rowsOf(z.strictObject({ a: schema }), { prefix: 'spec.' })
  expect(rows.map(row => /`(.*?)`/.exec(row)?.[1])).toEqual(paths)
})

test('keeps the order of the schema', () => {
  const schema = z.strictObject({ z: z.boolean(), a: leaf, m: z.boolean() })
  expect(rowsOf(schema).map(row => /`(.*?)`/.exec(row)?.[1])).toEqual(['z', 'a', 'a.b', 'm'])
})

test('links to what has a table of its own', () => {
  const elsewhere = { schema: jsonOf(leaf), link: '[leaf](#leaf)' }
  expect(rowsOf(z.strictObject({ a: z.array(leaf) }), { elsewhere })).toEqual([
    '| `a` | list of [leaf](#leaf) | required |  |',
  ])
})

test('has four cells in each row, whatever is in the meaning', () => {
  const text = fc.string({ unit: fc.constantFrom('|', '\\', '`', '\n', '<', 'a', ' ') })
  fc.assert(
    fc.property(text, described => {
      const rows = rowsOf(z.strictObject({ a: z.literal('x|y').describe(described) }))
      expect(rows).toHaveLength(1)
      expect(rows[0]!.replaceAll(/\\./g, '').split('|')).toHaveLength(6)
    }),
  )
})

test('refuses a schema it has no words for', () => {
  expect(() => rowsOf(z.strictObject({ a: z.unknown() }))).toThrow(UnknownSchema)
  expect(() => rowsOf(z.strictObject({ a: z.unknown() }))).toThrow('no words for the schema of a: {}')
})
