import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { chartReadme } from './chart-readme.ts'

const chart = join(import.meta.dirname, '..', 'charts', 'tracejob')
const read = (name: string) => readFileSync(join(chart, name), 'utf8')

test('a setting is told with its path, its default and the comment above it', () => {
  const page = chartReadme(
    '# The chart\n\n',
    '# about it all\n\n# -- First.\n# And on.\na: 1\nb:\n  # -- Inner.\n  c: [x]\n  d: ""\n',
  )
  expect(page).toContain('do not edit. -->\n\n# The chart\n\n## Values\n')
  expect(page).toContain(
    '| `a` | `1` | First. And on. |\n| `b.c` | `["x"]` | Inner. |\n| `b.d` | `""` |  |\n',
  )
})

test('no setting goes without a word', () => {
  expect(chartReadme('', read('values.yaml')).match(/^.*\|\s+\|$/gm)).toBeNull()
})

test('every value has its place in the schema, and nothing else has', () => {
  const missing: string[] = []
  const schema: Schema = JSON.parse(read('values.schema.json'))
  const compare = comparing(schema.definitions ?? {}, missing)
  compare(parse(read('values.yaml')), schema, '')
  expect(missing).toEqual([])
})

/** Helm's own, and what goes only with another value than the default. */
const NOT_BY_DEFAULT = ['.global', '.agent.seccompProfile.localhostProfile']

interface Schema {
  $ref?: string
  definitions?: Record<string, Schema>
  properties?: Record<string, Schema>
  additionalProperties?: boolean | object
}

function comparing(definitions: Record<string, Schema>, missing: string[]) {
  const meant = (schema: Schema): Schema =>
    schema.$ref ? definitions[schema.$ref.replace('#/definitions/', '')]! : schema
  return function compare(value: unknown, of: Schema, path: string): void {
    const schema = meant(of)
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !schema.properties) return
    if (schema.additionalProperties !== false) missing.push(`${path}: lets unknown values in`)
    const names = new Set([...Object.keys(value), ...Object.keys(schema.properties)])
    for (const name of names) {
      const below = schema.properties[name]
      const at = `${path}.${name}`
      if (!below) missing.push(`${at}: not in the schema`)
      else if (name in value) compare((value as Record<string, unknown>)[name], below, at)
      else if (!isOptional(below) && !NOT_BY_DEFAULT.includes(at)) missing.push(`${at}: not in values.yaml`)
    }
  }

  /** What may be there of a Kubernetes type, whose words are Kubernetes' own. */
  function isOptional(below: Schema): boolean {
    return below.$ref === '#/definitions/quantities'
  }
}
