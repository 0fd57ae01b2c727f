/** A JSON schema of zod's as a structural schema, which is all that a CRD takes. Pure. */
import { CEL_RULES, type CelRule } from '../crds/extensions.ts'
import { isZodsOwn, type Json, UnknownSchema } from './fields.ts'

export interface Structural {
  description?: string
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
  format?: string
  default?: unknown
  nullable?: true
  enum?: unknown[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  minItems?: number
  maxItems?: number
  maxProperties?: number
  anyOf?: Structural[]
  'x-kubernetes-int-or-string'?: true
  'x-kubernetes-list-type'?: 'atomic' | 'map'
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-map-type'?: 'atomic'
  [CEL_RULES]?: CelRule[]
  required?: string[]
  properties?: Record<string, Structural>
  items?: Structural
  additionalProperties?: Structural
}

/**
 * @param path of the schema, for the error
 * @throws UnknownSchema for a kind of schema that the contract has not had so far
 */
export function structuralOf(schema: Json, path: string): Structural {
  return { ...said(schema), ...typed(schema, path), ...extensionsOf(schema) }
}

/** kubectl explain shows the description and no default. */
function said({ description, default: value }: Json): Structural {
  const simple = value !== undefined && typeof value !== 'object'
  return defined({
    description: simple ? `${description} Default: ${value}.` : description,
    default: value,
  })
}

function typed(schema: Json, path: string): Structural {
  if (schema.anyOf) return either(schema, schema.anyOf as Json[], path)
  const { minLength, maxLength, maxItems, minItems, maxProperties, required } = schema
  switch (schema.type) {
    case 'string':
      return {
        type: 'string',
        ...choice(schema),
        ...defined({ ...textFormat(schema), minLength, maxLength }),
      }
    case 'integer':
    case 'number':
      return { type: schema.type, ...numberBounds(schema) }
    case 'boolean':
      return { type: 'boolean', ...choice(schema) }
    case 'array':
      return {
        type: 'array',
        ...defined({ minItems, maxItems }),
        'x-kubernetes-list-type': 'atomic',
        items: structuralOf(schema.items as Json, `${path}[]`),
      }
    case 'object':
      if (typeof schema.additionalProperties === 'object') {
        const values = structuralOf(schema.additionalProperties, `${path}.*`)
        return { type: 'object', ...defined({ maxProperties }), additionalProperties: values }
      }
      return { type: 'object', ...defined({ required }), properties: fieldsOf(schema, path) }
  }
  throw new UnknownSchema(path, schema)
}

function fieldsOf(schema: Json, path: string): Record<string, Structural> {
  const fields = Object.entries((schema.properties ?? {}) as Record<string, Json>)
  return Object.fromEntries(fields.map(([name, field]) => [name, structuralOf(field, `${path}.${name}`)]))
}

/** What may be null, or a number or a word: no other choice of types is structural. */
function either(schema: Json, choices: Json[], path: string): Structural {
  const [one, other] = choices as [Json, Json]
  if (choices.length === 2 && other.type === 'null') return { ...structuralOf(one, path), nullable: true }
  if (schema['x-kubernetes-int-or-string'] !== true) throw new UnknownSchema(path, schema)
  const lengths = choices.map(each => String(each.const ?? '').length)
  // The API server wants to see just this choice spelled out.
  const anyOf: Structural[] = [{ type: 'integer' }, { type: 'string' }]
  return { anyOf, 'x-kubernetes-int-or-string': true, maxLength: Math.max(...lengths) }
}

const choice = ({ enum: values, const: value }: Json): Structural =>
  defined({ enum: value === undefined ? values : [value] })

function textFormat({ format, pattern }: Json): Structural {
  // zod says of formats that it knows by which pattern it does; of the others the pattern is all there is.
  if (format === 'date-time') return { format }
  // A "/" is escaped for JavaScript's sake alone.
  return pattern === undefined ? {} : { pattern: pattern.replaceAll('\\/', '/') }
}

const INT32_MAX = 2 ** 31 - 1

function numberBounds({ type, minimum, maximum }: Json): Structural {
  const bounds = defined({
    minimum: isZodsOwn(minimum) ? undefined : minimum,
    maximum: isZodsOwn(maximum) ? undefined : maximum,
  })
  if (type === 'number') return { format: 'double', ...bounds }
  return { format: (bounds.maximum ?? Infinity) > INT32_MAX ? 'int64' : 'int32', ...bounds }
}

/** What the contract itself says in a CRD's own words. */
const extensionsOf = (schema: Json): Structural =>
  Object.fromEntries(Object.entries(schema).filter(([word]) => word.startsWith('x-kubernetes-')))

/** Without the fields that are undefined, which YAML would have to write as null. */
function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}
