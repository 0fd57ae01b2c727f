import { expect, test } from 'vitest'
import { z } from 'zod'
import { UnknownSchema } from './fields.ts'
import { type Structural, structuralOf } from './structural.ts'

const of = (schema: z.ZodType) => structuralOf(z.toJSONSchema(schema, { io: 'input' }), 'a')

test.each<[string, z.ZodType, Structural]>([
  ['a text', z.string().min(1).max(9), { type: 'string', minLength: 1, maxLength: 9 }],
  ['a pattern', z.string().regex(/^\/[a-z]$/), { type: 'string', pattern: '^/[a-z]$' }],
  ['a choice', z.enum(['All', 'None']), { type: 'string', enum: ['All', 'None'] }],
  ['the one value allowed', z.literal('open'), { type: 'string', enum: ['open'] }],
  ['true or nothing', z.literal(true), { type: 'boolean', enum: [true] }],
  [
    'a time',
    z.string().max(30).regex(/Z$/).meta({ format: 'date-time' }),
    { type: 'string', format: 'date-time', maxLength: 30 },
  ],
  ['a small number', z.int().min(0).max(9), { type: 'integer', format: 'int32', minimum: 0, maximum: 9 }],
  [
    'a number of 32 bits without a sign',
    z
      .int()
      .min(0)
      .max(2 ** 32 - 1),
    { type: 'integer', format: 'int64', minimum: 0, maximum: 2 ** 32 - 1 },
  ],
  ['a count', z.int().min(0), { type: 'integer', format: 'int64', minimum: 0 }],
  ['a fraction', z.number().min(0), { type: 'number', format: 'double', minimum: 0 }],
  ['what may be null', z.string().max(9).nullable(), { type: 'string', maxLength: 9, nullable: true }],
  [
    'a number or a word',
    z.union([z.int(), z.literal('AT_FDCWD')]).meta({ 'x-kubernetes-int-or-string': true }),
    {
      anyOf: [{ type: 'integer' }, { type: 'string' }],
      'x-kubernetes-int-or-string': true,
      maxLength: 8,
    },
  ],
  [
    'a list',
    z.array(z.boolean()).min(1).max(3),
    {
      type: 'array',
      minItems: 1,
      maxItems: 3,
      'x-kubernetes-list-type': 'atomic',
      items: { type: 'boolean' },
    },
  ],
  [
    'a list that says how it is merged',
    z.array(z.boolean()).max(3).meta({ 'x-kubernetes-list-type': 'map' }),
    { type: 'array', maxItems: 3, 'x-kubernetes-list-type': 'map', items: { type: 'boolean' } },
  ],
  [
    'a map, of whose keys a structural schema says nothing',
    z.record(z.string().regex(/a/), z.boolean()).meta({ maxProperties: 4 }),
    { type: 'object', maxProperties: 4, additionalProperties: { type: 'boolean' } },
  ],
  [
    'an object, which does not forbid other fields: the API server knows',
    z.strictObject({ b: z.boolean(), c: z.boolean().optional() }),
    { type: 'object', required: ['b'], properties: { b: { type: 'boolean' }, c: { type: 'boolean' } } },
  ],
  [
    'a default that is applied before the defaults within',
    z.strictObject({}).prefault({}).describe('Sub.'),
    { description: 'Sub.', default: {}, type: 'object', properties: {} },
  ],
  [
    'a default that is told, for kubectl explain does not',
    z.boolean().default(true).describe('Whether.'),
    { description: 'Whether. Default: true.', default: true, type: 'boolean' },
  ],
])('makes a structural schema of %s', (_, schema, wanted) => {
  expect(of(schema)).toEqual(wanted)
})

test.each([
  ['anything', z.unknown()],
  ['one text or another', z.union([z.string().max(1), z.int()])],
])('refuses %s', (_, schema) => {
  expect(() => of(schema)).toThrow(UnknownSchema)
})
