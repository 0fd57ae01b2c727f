import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { chartReadme } from './chart-readme.ts'

const chart = join(import.meta.dirname, '..', 'charts', 'tracejob')
const read = (name: string) => readFileSync(join(chart, name), 'utf8')

test('a setting is told with its path, its default and the comment above it', () => {
  const page = chartReadme(
    '# about it all\n\n# -- First.\n# And on.\na: 1\nb:\n  # -- Inner.\n  c: [x]\n  d: ""\n',
  )
  expect(page).toContain(
    '| `a` | `1` | First. And on. |\n| `b.c` | `["x"]` | Inner. |\n| `b.d` | `""` |  |\n',
  )
})

test('every value has its place in the schema, and nothing else has', () => {
  const missing: string[] = []
  compare(parse(read('values.yaml')), JSON.parse(read('values.schema.json')), '', missing)
  expect(missing).toEqual([])
})

/** Helm's own, and what goes only with another value than the default. */
const NOT_BY_DEFAULT = ['.global', '.agent.seccompProfile.localhostProfile']

interface Schema {
  properties?: Record<string, Schema>
  additionalProperties?: boolean | object
}

function compare(value: unknown, schema: Schema, path: string, missing: string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !schema.properties) return
  if (schema.additionalProperties !== false) missing.push(`${path}: lets unknown values in`)
  const names = new Set([...Object.keys(value), ...Object.keys(schema.properties)])
  for (const name of names) {
    const below = schema.properties[name]
    const at = `${path}.${name}`
    if (!below) missing.push(`${at}: not in the schema`)
    else if (name in value) compare((value as Record<string, unknown>)[name], below, at, missing)
    else if (!NOT_BY_DEFAULT.includes(at)) missing.push(`${at}: not in values.yaml`)
  }
}
