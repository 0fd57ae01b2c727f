import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readManifest } from './manifest.ts'
import { refusedStandalone } from './standalone.ts'

const EXAMPLES = new URL('../examples/', import.meta.url)
const names = readdirSync(EXAMPLES).filter(name => name.endsWith('.yaml'))

test('there are examples', () => {
  expect(names).toEqual(
    expect.arrayContaining([
      'all-opens.yaml',
      'failed-opens.yaml',
      'one-command.yaml',
      'until-stopped.yaml',
      'who-reads-shadow.yaml',
      'writes-under-etc.yaml',
    ]),
  )
})

test.each(names)('%s is a valid TraceJob that bears its name and runs without a cluster', name => {
  const job = readManifest(readFileSync(new URL(name, EXAMPLES)), name, refusedStandalone)
  expect(job.metadata.name + '.yaml').toBe(name)
})
