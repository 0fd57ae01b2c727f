import fc from 'fast-check'
import { expect, test } from 'vitest'
import { traceReportStatusSchema } from '../../crds/report-status.ts'
import { aStatus } from './fixtures.ts'
import { previousStatus } from './previous.ts'

test('what we wrote ourselves is understood whole', () => {
  expect(previousStatus(aStatus())).toEqual(aStatus())
})

test('what another release wrote is understood as far as possible', () => {
  const status = { ...aStatus(), ledger: { observed: 'many' }, colour: 'green', attachMode: 'Telepathy' }
  const { ledger: _, attachMode: __, ...rest } = aStatus()
  expect(previousStatus(status)).toEqual(rest)
  expect(previousStatus({ state: 'Dreaming' })).toEqual({ state: 'Pending' })
})

test('anything at all is a status of the contract', () => {
  fc.assert(
    fc.property(fc.anything(), raw => {
      const status = previousStatus(raw)
      expect(traceReportStatusSchema.parse(status)).toEqual(status)
    }),
  )
})
