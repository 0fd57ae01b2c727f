import { z } from 'zod'
import type { Path } from './problem.ts'

const WRAPPERS = [z.ZodOptional, z.ZodNullable, z.ZodDefault, z.ZodPrefault] as const

function unwrapped(schema: unknown): unknown {
  let inner = schema
  for (;;) {
    const wrapper = WRAPPERS.find(each => inner instanceof each)
    if (!wrapper) return inner
    inner = (inner as z.ZodOptional).unwrap()
  }
}

const own = (shape: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(shape, name) ? shape[name] : undefined

/** The fields that `schema` allows at `path`; none if there is no map of fixed fields. */
export function fieldsAt(schema: z.ZodType, path: Path): string[] {
  let at: unknown = unwrapped(schema)
  for (const key of path) {
    if (at instanceof z.ZodObject) at = unwrapped(own(at.shape, String(key)))
    else if (at instanceof z.ZodArray) at = unwrapped(at.element)
    else return []
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : []
}

/** The paths of all maps of `schema` that have a field of this name. Lists are not looked into. */
export function homesOf(schema: z.ZodType, name: string, path: Path = []): Path[] {
  const at = unwrapped(schema)
  if (!(at instanceof z.ZodObject)) return []
  const here = Object.hasOwn(at.shape, name) ? [path] : []
  return [
    ...here,
    ...Object.entries(at.shape).flatMap(([key, inner]) => homesOf(inner as z.ZodType, name, [...path, key])),
  ]
}
