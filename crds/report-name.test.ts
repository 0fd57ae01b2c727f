import { expect, test } from 'vitest'
import { reportName } from './report-name.ts'

test('a report is named for its job and its node', () => {
  expect(reportName('who-reads-shadow', 'node-1.example')).toBe('who-reads-shadow.node-1.example')
})

test('a name too long keeps its beginning and stays one of its own', () => {
  const [a, b] = ['a', 'b'].map(last => reportName('j'.repeat(63), `${'n'.repeat(252)}${last}`))
  expect(a).toHaveLength(253)
  expect(a).toMatch(/^j{63}\.n+-[0-9a-f]{16}$/)
  expect(a).not.toBe(b)
})
