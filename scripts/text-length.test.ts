import { expect, test } from 'vitest'
import type { Structural } from './structural.ts'
import { textLength } from './text-length.ts'

const text: Structural = { type: 'string' }
const lengthOf = (properties: Record<string, Structural>) => textLength({ type: 'object', properties })

test.each<[string, Record<string, Structural>, string]>([
  ['a text', { a: text }, "self.?a.orValue('').size()"],
  ['a text within', { a: { type: 'object', properties: { b: text } } }, "self.?a.?b.orValue('').size()"],
  [
    'a text that may be null',
    { a: { ...text, nullable: true } },
    "(type(self.?a.orValue('')) == string ? self.?a.orValue('').size() : 0)",
  ],
  ['a field named like a word of CEL', { namespace: text }, "self.?__namespace__.orValue('').size()"],
  [
    'a list of texts',
    { a: { type: 'array', items: text } },
    '(has(self.a) ? self.a.map(text, text.size()).sum() : 0)',
  ],
  [
    'a list within',
    { a: { type: 'object', properties: { b: { type: 'array', items: text } } } },
    '(has(self.a) && has(self.a.b) ? self.a.b.map(text, text.size()).sum() : 0)',
  ],
  [
    'the texts of entries',
    { a: { type: 'array', items: { type: 'object', properties: { b: text, c: text } } } },
    "(has(self.a) ? self.a.map(entry, entry.?b.orValue('').size() + entry.?c.orValue('').size()).sum() : 0)",
  ],
  ['several fields', { a: text, b: text }, "self.?a.orValue('').size()\n+ self.?b.orValue('').size()"],
])('counts %s', (_, properties, wanted) => {
  expect(lengthOf(properties)).toBe(wanted)
})

test('does not count what is no text', () => {
  expect(
    lengthOf({
      a: text,
      time: { type: 'string', format: 'date-time' },
      number: { type: 'integer' },
      either: { 'x-kubernetes-int-or-string': true },
      numbers: { type: 'array', items: { type: 'integer' } },
    }),
  ).toBe("self.?a.orValue('').size()")
})
