/** CEL that counts the text in an object, so that a rule can bound it as a whole. Pure. */
import type { Structural } from './structural.ts'

/** Fields CEL has a meaning of its own for, which it wants written so. */
const RESERVED = new Set(['as', 'const', 'for', 'function', 'if', 'import', 'in', 'namespace', 'package'])

/** The number of characters in all texts within `self`, one term a line. Times are left out: to CEL they are no texts. */
export const textLength = (schema: Structural): string => terms(schema, ['self']).join('\n+ ')

/** @param at the fields that lead to the schema, of which all but the first may be absent */
function terms(schema: Structural, at: string[]): string[] {
  if (schema.type === 'string') return schema.format === 'date-time' ? [] : [ofText(schema, at)]
  if (schema.type === 'array') return ofList(schema.items!, at)
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    terms(field, [...at, RESERVED.has(name) ? `__${name}__` : name]),
  )
}

function ofText({ nullable }: Structural, at: string[]): string {
  const text = at.length > 1 ? `${at.join('.?')}.orValue('')` : at[0]!
  return nullable ? `(type(${text}) == string ? ${text}.size() : 0)` : `${text}.size()`
}

/** Not by orValue: of its list the API server doesn't know how long it can be, and so not what the rule can cost. */
function ofList(items: Structural, at: string[]): string[] {
  const each = items.type === 'string' ? 'text' : 'entry'
  const inner = terms(items, [each]).join(' + ')
  if (!inner) return []
  const there = at.slice(1).map((_, n) => `has(${at.slice(0, n + 2).join('.')})`)
  return [`(${there.join(' && ')} ? ${at.join('.')}.map(${each}, ${inner}).sum() : 0)`]
}
