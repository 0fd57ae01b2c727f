/** What Artifact Hub is told in Chart.yaml. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readManifest } from '../crds/manifest.ts'
import { DEFINITIONS } from './definitions.ts'

const chart = join(import.meta.dirname, '..', 'charts', 'tracejob')
const read = (name: string) => parse(readFileSync(join(chart, name), 'utf8'))
const { annotations, appVersion, version } = read('Chart.yaml')
const annotation = (name: string) => parse(annotations[`artifacthub.io/${name}`])

test('the kinds are those of the definitions, in the same words', () => {
  expect(annotation('crds')).toEqual(
    DEFINITIONS.map(({ metadata, spec }) => ({
      kind: spec.names.kind,
      version: spec.versions[0].name,
      name: metadata.name,
      displayName: spec.names.kind,
      description: spec.versions[0].schema.openAPIV3Schema.description,
    })),
  )
})

test('the examples are valid TraceJobs', () => {
  const examples: object[] = annotation('crdsExamples')
  expect(examples.length).toBeGreaterThan(0)
  for (const example of examples) readManifest(JSON.stringify(example), 'Chart.yaml')
})

test('the images are those of the values', () => {
  const { operator, agent } = read('values.yaml')
  expect(annotation('images').map(({ image }: { image: string }) => image)).toEqual(
    [operator, agent].map(({ image }) => `${image.repository}:${appVersion}`),
  )
})

test('the chart and what it installs have the version of the house', () => {
  const house = JSON.parse(readFileSync(join(chart, '..', '..', 'package.json'), 'utf8'))
  expect({ version, appVersion }).toEqual({ version: house.version, appVersion: house.version })
})
