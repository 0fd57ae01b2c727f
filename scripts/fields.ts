/** A JSON schema as a table for people: a row for each field, nested ones by dotted path, in the schema's order. Pure. */
import type { z } from 'zod'

export type Json = z.core.JSONSchema.JSONSchema

export interface TableOptions {
  /** What every path begins with, such as `spec.`. */
  prefix: string
  /** What is said in place of a default where the field can't be absent. */
  must: string
  /** An object that has a table of its own: its fields are linked to, not repeated. */
  elsewhere?: { schema: Json; link: string }
}

export class UnknownSchema extends Error {
  override name = 'UnknownSchema'
  constructor(path: string, schema: Json) {
    super(`no words for the schema of ${path}: ${JSON.stringify(schema)}`)
  }
}

/** @throws UnknownSchema for a kind of schema that the contract has not had so far */
export function fieldTable(schema: Json, options: TableOptions): string {
  const head = ['| field | type | default | meaning |', '| --- | --- | --- | --- |']
  return [...head, ...rows(schema, options.prefix, options)].join('\n')
}

function rows(schema: Json, prefix: string, options: TableOptions): string[] {
  return Object.entries((schema.properties ?? {}) as Record<string, Json>).flatMap(([name, field]) => {
    const path = prefix + name
    const absent = schema.required?.includes(name) ? options.must : defaultOf(field)
    const cells = [code(path), typeOf(field, path, options), absent, prose(field.description ?? '')]
    return [`| ${cells.join(' | ')} |`, ...rowsWithin(field, path, options)]
  })
}

function rowsWithin(field: Json, path: string, options: TableOptions): string[] {
  if (isElsewhere(field, options)) return []
  const entries = valuesOf(field)
  return [
    ...rows(field, `${path}.`, options),
    ...(field.items ? rowsWithin(field.items as Json, `${path}[]`, options) : []),
    ...(entries ? rowsWithin(entries, `${path}.*`, options) : []),
    ...(field.anyOf ?? []).flatMap(each => rowsWithin(each as Json, path, options)),
  ]
}

function typeOf(schema: Json, path: string, options: TableOptions): string {
  const inner = (each: unknown) => typeOf(each as Json, path, options)
  if (schema.anyOf) return schema.anyOf.map(inner).join(' or ')
  if (schema.enum) return schema.enum.map(code).join(', ')
  if (schema.const !== undefined) return code(schema.const)
  if (schema.type === 'array' && schema.items)
    return `list${within(schema.minItems, schema.maxItems)} of ${inner(schema.items)}`
  if (schema.type === 'object') {
    if (isElsewhere(schema, options)) return options.elsewhere!.link
    const values = valuesOf(schema)
    return values ? `map${within(undefined, schema.maxProperties)} to ${inner(values)}` : 'object'
  }
  if (schema.format === 'date-time') return 'time (RFC 3339)'
  if (schema.type === 'string')
    return (schema.contentEncoding ?? 'string') + within(schema.minLength, schema.maxLength)
  if (schema.type === 'integer' || schema.type === 'number')
    return schema.type + within(schema.minimum, schema.maximum)
  if (schema.type === 'boolean') return 'boolean'
  if (schema.type === 'null') return code(null)
  throw new UnknownSchema(path, schema)
}

/** What a map's values must be; nothing for an object of fixed fields. */
const valuesOf = ({ additionalProperties }: Json): Json | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined

/** By their fields: a schema within another lacks what zod writes at the top of one. */
const isElsewhere = (schema: Json, { elsewhere }: TableOptions): boolean =>
  elsewhere !== undefined && JSON.stringify(schema.properties) === JSON.stringify(elsewhere.schema.properties)

function within(min: number | undefined, max: number | undefined): string {
  const [start, end] = [min, max].map(bound => (isZodsOwn(bound) ? undefined : bound))
  if (start !== undefined && start === end) return ` (${start})`
  if (start !== undefined && end !== undefined) return ` (${start} … ${end})`
  if (start !== undefined) return ` (≥ ${start})`
  return end === undefined ? '' : ` (≤ ${end})`
}

/** zod bounds every integer by what a double keeps exact: no bound that anyone chose. */
export const isZodsOwn = (bound: number | undefined): boolean =>
  Math.abs(bound ?? 0) === Number.MAX_SAFE_INTEGER

const defaultOf = (field: Json): string =>
  field.default === undefined
    ? '–'
    : code(typeof field.default === 'string' ? field.default : JSON.stringify(field.default))

// A bar ends a table's cell even within backticks. Names and values of the contract have no backtick and no newline.
const code = (value: unknown): string => '`' + String(value).replaceAll('|', '\\|') + '`'

/** `text` as it reads, whatever it has that Markdown would take for its own. */
const prose = (text: string): string => text.replace(/[\\`*<[|]/g, '\\$&').replace(/\s+/g, ' ')
