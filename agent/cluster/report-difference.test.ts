import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aLedger, aStatus } from './fixtures.ts'
import { type Difference, difference } from './report-difference.ts'

const reversed = (object: object) => Object.fromEntries(Object.entries(object).reverse())

test.each<[string, unknown, Difference]>([
  ['the same is nothing new', aStatus(), 'none'],
  ['nor in another order', reversed(aStatus()), 'none'],
  ['nor is what it cost', aStatus({ cost: { agentCpuSeconds: 99, agentMemoryBytes: 1 } }), 'none'],
  ['nor is a field that is undefined', { ...aStatus(), failure: undefined }, 'none'],
  ['one open more is', aStatus({ ledger: aLedger(990) }), 'news'],
  [
    'opens that were filtered are something, and not much',
    aStatus({ ledger: aLedger(1000, { observed: 990, filtered: 90 }) }),
    'filtered',
  ],
  ['a loss is', aStatus({ ledger: aLedger(1000, { observed: 999, lost: 1 }) }), 'news'],
  ['another state is', aStatus({ state: 'Completed' }), 'news'],
  ['what somebody else put there is', { ...aStatus(), failure: { reason: 'Internal', message: '' } }, 'news'],
  ['everything is, where there is nothing', undefined, 'news'],
  ['and where there is nonsense', 'Tracing', 'news'],
  ['a shorter list is', aStatus({ probes: [] }), 'news'],
])('%s', (_, there, found) => {
  expect(difference(aStatus(), there)).toBe(found)
})

test('what has been through JSON is nothing new', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), more => {
      const status = { ...more, ...aStatus() }
      expect(difference(status, JSON.parse(JSON.stringify(status)))).toBe('none')
    }),
  )
})
