import { expect, test } from 'vitest'
import { answerOf } from './answer.ts'
import type { Structural } from './structural.ts'

const WORD = { type: 'string', pattern: '^[A-Za-z0-9_]*$', maxLength: 64 } as const
const fieldOf = (field: Structural) =>
  answerOf({ type: 'object', required: ['a'], properties: { a: field } }).properties!.a

test('an answer may lack any field', () => {
  expect(answerOf({ type: 'object', required: ['a'], properties: {} })).toEqual({
    type: 'object',
    properties: {},
  })
})

test.each<[string, Structural, Structural]>([
  [
    'any word where a word belongs, and people are told those of today',
    { description: 'How.', type: 'string', enum: ['A', 'B'] },
    { description: 'How. One of A, B.', ...WORD },
  ],
  [
    'any word where only one is known',
    { description: 'What.', type: 'string', enum: ['open'] },
    { description: 'What. Always open.', ...WORD },
  ],
  ['either boolean', { type: 'boolean', enum: [true] }, { type: 'boolean' }],
  [
    'any number',
    { type: 'integer', format: 'int64', minimum: 0, maximum: 9 },
    { type: 'integer', format: 'int64' },
  ],
  [
    'any text that is not too long',
    { type: 'string', minLength: 1, pattern: 'x', maxLength: 9 },
    { type: 'string', maxLength: 9 },
  ],
  [
    'any list that is not too long',
    { type: 'array', minItems: 1, maxItems: 9, items: { type: 'integer', minimum: 0 } },
    { type: 'array', maxItems: 9, items: { type: 'integer' } },
  ],
  [
    'a list of entries with no more than the field that tells them apart',
    {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', required: ['k', 'v'], properties: {} },
    },
    {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', required: ['k'], properties: {} },
    },
  ],
  [
    'part of an object, which is applied whole',
    {
      type: 'object',
      required: ['b'],
      properties: { b: { type: 'object', required: ['c'], properties: {} } },
    },
    {
      type: 'object',
      'x-kubernetes-map-type': 'atomic',
      properties: { b: { type: 'object', properties: {} } },
    },
  ],
])('an answer may have %s', (_, field, wanted) => {
  expect(fieldOf(field)).toEqual(wanted)
})
