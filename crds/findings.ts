import type { z } from 'zod'
import { quoted } from './escape.ts'
import { explain } from './explain.ts'
import { fieldsAt, homesOf } from './fields.ts'
import { nearest } from './nearest.ts'
import { type Finding, type Path, printedPath } from './problem.ts'

/** Finding out what was meant costs something for each; past so many nobody reads them. */
const FINDINGS_MAX = 1000

/** A finding that is about the name of a field rather than its value. */
export interface FieldFinding extends Finding {
  aboutKey: boolean
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

function unknownField(schema: z.ZodType, path: Path, name: string): string {
  const allowed = fieldsAt(schema, path)
  if (allowed.length === 0) return 'unknown field (none is allowed here)'
  const list = `(allowed: ${allowed.join(', ')})`
  const meant = nearest(name, allowed)
  if (meant) return `unknown field; did you mean ${quoted(meant)}? ${list}`
  // A wrong indentation is the likeliest slip in YAML.
  const homes = homesOf(schema, name).filter(home => home.length > 0 && home[0] === 'spec')
  return homes.length === 1
    ? `unknown field; it belongs in ${printedPath(homes[0])} ${list}`
    : `unknown field ${list}`
}

/** zod's issues with `object`, each thing once, in words for people. */
export function findings(
  schema: z.ZodType,
  object: unknown,
  issues: readonly z.core.$ZodIssue[],
): FieldFinding[] {
  const found = new Map<string, FieldFinding>()
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys.slice(0, FINDINGS_MAX - found.size)) {
        const path = [...issue.path, key]
        found.set(JSON.stringify(path), {
          path,
          message: unknownField(schema, issue.path, key),
          aboutKey: true,
        })
      }
    } else {
      const message = explain(issue, valueAt(object, issue.path))
      // zod has two upper bounds for a whole number, its own and the one that JSON has.
      const distinct = issue.code === 'too_big' || issue.code === 'too_small' ? issue.code : message
      const key = JSON.stringify([issue.path, distinct])
      if (!found.has(key))
        found.set(key, { path: issue.path, message, aboutKey: issue.code === 'invalid_key' })
    }
    if (found.size >= FINDINGS_MAX) break
  }
  return [...found.values()]
}
