/**
 * Fields of an applied object that its schema lacks: it is of a CustomResourceDefinition older than we are. Every other way of writing
 * drops them in silence; server-side apply refuses the whole object, with a 500 and a sentence. Pure.
 */
import { ApiError } from './errors.ts'

/** Like `status.failures.since`: through lists as if each had but one element. */
export type FieldPath = string

const UNDECLARED = /\s\.(\S+): field not declared in schema/g
/** An element of a list, by place or by keys. */
const ELEMENT = /\[[^\]]*\]/g
/** Without these it would be another object, or none. */
const NEEDED = /^(metadata|apiVersion|kind)(\.|$)|^[^.]+$/

/** Those that the error names, which need not be all; none if it is about something else. */
export function undeclaredFields(error: unknown): FieldPath[] {
  if (!(error instanceof ApiError) || error.status !== 500) return []
  const paths = Array.from(error.message.matchAll(UNDECLARED), ([, path]) => path!.replaceAll(ELEMENT, ''))
  return [...new Set(paths)].filter(path => !NEEDED.test(path))
}

/** A copy without those fields, wherever they are. */
export function without<T>(object: T, paths: Iterable<FieldPath>): T {
  let rest = object
  for (const path of paths) rest = pruned(rest, path.split('.')) as T
  return rest
}

function pruned(value: unknown, [name, ...below]: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map(each => pruned(each, [name!, ...below]))
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name!)) return value
  const { [name!]: field, ...others } = value as Record<string, unknown>
  return below.length === 0 ? others : { ...others, [name!]: pruned(field, below) }
}
