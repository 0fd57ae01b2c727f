import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CONDITION_REASONS } from '../crds/condition-reasons.ts'
import { FAILURE_REASONS } from '../crds/reasons.ts'

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'troubleshooting.md'), 'utf8')

test('every reason is in docs/troubleshooting.md, and no other', () => {
  const told = [...page.matchAll(/^\| ([A-Z][A-Za-z]+) \|/gm)].map(([, reason]) => reason!)
  const there = [...Object.keys(CONDITION_REASONS), ...Object.keys(FAILURE_REASONS)]
  expect(told.toSorted()).toEqual(there.toSorted())
})
