import type { z } from 'zod'
import { quoted } from './escape.ts'
import { nearest } from './nearest.ts'

/** The type of a value, as it reads after "must be". */
const TYPES: Record<string, string> = {
  string: 'text',
  // zod says only this of whole numbers too, and a user writes no others.
  number: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields',
  record: 'a map',
}

const SECONDS = { s: 1, m: 60, h: 3600 }

/** A value, as it reads after "not". Maps and lists are only named: they may be huge. */
function found(value: unknown): string {
  if (typeof value === 'string') return `the text ${quoted(value)}`
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a map' : String(value)
}

/** What the user may have meant by a text where a whole number belongs. */
function numberMeant(value: unknown): string {
  const [, digits, unit] = (typeof value === 'string' && /^([0-9]{1,9})([smh]?)$/.exec(value)) || []
  if (digits === undefined) return ''
  return `; write ${Number(digits) * SECONDS[(unit || 's') as keyof typeof SECONDS]}`
}

function wrongType(expected: string, value: unknown): string {
  const wanted = TYPES[expected] ?? expected
  if (value === undefined) return `missing; it must be ${wanted}`
  if (value === null)
    return `is empty; it must be ${wanted}${expected === 'object' ? ' ({} for none)' : ''}, or be left out`
  return `must be ${wanted}, not ${found(value)}${expected === 'number' ? numberMeant(value) : ''}`
}

function notOneOf(values: readonly unknown[], value: unknown): string {
  const allowed = values.map(String).join(', ')
  const must = values.length === 1 ? `must be ${allowed}` : `must be one of ${allowed}`
  if (value === undefined) return `missing; it ${must}`
  if (value === null) return `is empty; it ${must}, or be left out`
  const meant = typeof value === 'string' ? nearest(value, values.map(String)) : undefined
  return `${must}, not ${found(value)}${meant ? `; did you mean ${quoted(meant)}?` : ''}`
}

function size(bound: 'least' | 'most', limit: number | bigint, value: unknown): string {
  if (bound === 'least' && Number(limit) === 1 && !(typeof value === 'number')) return 'must not be empty'
  if (typeof value === 'string') return `must be at ${bound} ${limit} characters long (is ${value.length})`
  if (Array.isArray(value)) return `must have at ${bound} ${limit} items (has ${value.length})`
  return `must be at ${bound} ${limit}, not ${String(value)}`
}

/** What is wrong with `value`, as a predicate: "must be a whole number, not the text "x"". Safe to print. */
export function explain(issue: z.core.$ZodIssue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, value)
    case 'invalid_value':
      return notOneOf(issue.values, value)
    case 'too_small':
      return hasOwnWords(issue.message) ? issue.message : size('least', issue.minimum, value)
    case 'too_big':
      return hasOwnWords(issue.message) ? issue.message : size('most', issue.maximum, value)
    case 'invalid_key':
      return `the key ${issue.issues.map(inner => explain(inner, issue.path.at(-1))).join('; ')}`
    default:
      return typeof value === 'string' ? `${issue.message}, not ${quoted(value)}` : issue.message
  }
}

/** zod's own words begin so; a schema that says something better is believed. */
const hasOwnWords = (message: string): boolean => !message.startsWith('Too ')
