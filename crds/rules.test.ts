import { expect, test } from 'vitest'
import { z } from 'zod'
import { CEL_RULES } from './extensions.ts'
import { exactlyOneOf, rule, textRule } from './rules.ts'

const celOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' })[CEL_RULES]

const even = textRule({
  holds: text => text.length % 2 === 0,
  cel: 'self.size() % 2 == 0',
  message: 'must be even',
})
const EVEN = { rule: 'self.size() % 2 == 0', message: 'must be even' }

test.each<[string, z.ZodType]>([
  ['as it is', z.string().check(even)],
  ['described', z.string().check(even).describe('A text.')],
  ['optional', z.string().check(even).optional()],
  ['with other metadata', z.string().check(even).meta({ maxLength: 3 })],
  ['overwritten', z.string().check(even).overwrite(String)],
  ['with another check after it', z.string().check(even).max(3)],
])('a schema %s has its rule once, for the CRD', (_, schema) => {
  expect(celOf(schema)).toEqual([EVEN])
})

test('several rules stand in their order', () => {
  const odd = textRule({ cel: 'self.size() % 2 == 1', message: 'must be odd' })
  const all = [EVEN, { rule: 'self.size() % 2 == 1', message: 'must be odd' }]
  expect(celOf(z.string().check(even, odd))).toEqual(all)
  expect(celOf(z.string().check(even).check(odd))).toEqual(all)
})

test('a schema that shares the rule has it of its own', () => {
  const other = z.string().check(even)
  expect(celOf(z.string())).toBeUndefined()
  expect(celOf(other)).toEqual([EVEN])
})

test('a rule without judgement is for the API server alone', () => {
  const schema = z.string().check(textRule({ cel: 'self == oldSelf', message: 'can not be changed' }))
  expect(schema.safeParse('x').success).toBe(true)
  expect(celOf(schema)).toEqual([{ rule: 'self == oldSelf', message: 'can not be changed' }])
})

const pair = z.strictObject({ a: z.int().optional(), b: z.string().optional() }).check(
  rule({
    holds: ({ a, b }) => a === undefined || b !== undefined,
    cel: '!has(self.a) || has(self.b)',
    message: 'is missing',
    field: 'b',
  }),
)

test('a rule points at its field', () => {
  expect(pair.safeParse({ a: 1 }).error?.issues).toMatchObject([{ path: ['b'], message: 'is missing' }])
  expect(celOf(pair)).toEqual([
    { rule: '!has(self.a) || has(self.b)', message: 'is missing', fieldPath: '.b' },
  ])
})

test('a rule is judged also when a field is wrong in itself', () => {
  expect(pair.safeParse({ a: 'x' }).error?.issues).toHaveLength(2)
})

test.each([
  1,
  null,
  [],
  'text',
  undefined,
])('neither rule is asked about %j in the place of its type', value => {
  const strict = () => {
    throw new Error('asked')
  }
  const map = z.strictObject({}).check(rule({ holds: strict, cel: 'x', message: 'y' }))
  const text = z.string().check(textRule({ holds: strict, cel: 'x', message: 'y' }))
  expect(map.safeParse(value).success).toBe(false)
  if (typeof value !== 'string') expect(text.safeParse(value).success).toBe(false)
})

test('exactlyOneOf says what there is', () => {
  const schema = z
    .strictObject({ a: z.int().optional(), b: z.int().optional(), c: z.int().optional() })
    .check(exactlyOneOf('a', 'b', 'c'))
  const messageOf = (value: object) => schema.safeParse(value).error?.issues[0].message
  expect(messageOf({ b: 1 })).toBeUndefined()
  expect(messageOf({})).toBe('must have exactly one of a, b, c (has none)')
  expect(messageOf({ a: 1, c: 1 })).toBe('must have exactly one of a, b, c (has a and c)')
})
