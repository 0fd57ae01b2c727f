import { expect, test } from 'vitest'
import { z } from 'zod'
import { traceJobSchema } from './trace-job.ts'
import { traceReportSchema } from './trace-report.ts'

type Json = z.core.JSONSchema.JSONSchema

/** Every schema within, with its path, as the generator of CRDs will see them. */
function* within(schema: Json, path: string): Generator<[string, Json]> {
  yield [path, schema]
  for (const [name, inner] of Object.entries(schema.properties ?? {}))
    yield* within(inner as Json, `${path}.${name}`)
  if (schema.items) yield* within(schema.items as Json, `${path}[]`)
  if (typeof schema.additionalProperties === 'object') yield* within(schema.additionalProperties, `${path}.*`)
}

const schemas = [
  ['TraceJob', traceJobSchema],
  ['TraceReport', traceReportSchema],
] as const
const all = schemas.flatMap(([kind, schema]) => [...within(z.toJSONSchema(schema, { io: 'input' }), kind)])
const paths = (broken: (schema: Json, path: string) => boolean) =>
  all.filter(([path, schema]) => broken(schema, path)).map(([path]) => path)

test('every field is described in sentences, for kubectl explain', () => {
  const isField = (path: string) => /\.[^.[\]*]+$/.test(path)
  expect(
    paths((schema, path) => isField(path) && !/^[A-Z0-9].*\.$/su.test(schema.description ?? '')),
  ).toEqual([])
})

test('every text, list and map has a bound, for the cost of CEL rules', () => {
  const bounded = (schema: Json) =>
    schema.maxLength !== undefined || schema.enum !== undefined || schema.const !== undefined
  expect(paths(schema => schema.type === 'string' && !bounded(schema))).toEqual([])
  expect(paths(schema => schema.type === 'array' && schema.maxItems === undefined)).toEqual([])
  expect(
    paths(
      (schema, path) =>
        schema.additionalProperties !== false &&
        schema.type === 'object' &&
        schema.maxProperties === undefined &&
        !path.endsWith('.annotations'),
    ),
  ).toEqual([])
})

test("every pattern is one that the API server's RE2 takes: no look-around, no back-references", () => {
  expect(paths(schema => /\(\?[=!<]|\\[1-9k]/.test(schema.pattern ?? ''))).toEqual([])
})

test('every default is one that its own schema takes', () => {
  for (const [, schema] of schemas)
    expect(JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))).toContain('"default"')
  const defaults = all.filter(([, schema]) => schema.default !== undefined)
  for (const [path, schema] of defaults)
    expect(z.fromJSONSchema(schema as never).safeParse(schema.default).success, path).toBe(true)
})
