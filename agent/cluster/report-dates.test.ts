import { pino } from 'pino'
import { expect, test } from 'vitest'
import { anOwnReport, NOON, REPORT_UID, seconds } from './fixtures.ts'
import { reportDates } from './report-dates.ts'

const log = pino({ level: 'silent' })
const mark = { read: (uid: string) => (uid === REPORT_UID ? NOON + 5 : undefined) }

test('the API server and our own mark are asked', async () => {
  const managedFields = [{ manager: 'tracejob-agent', subresource: 'status', time: seconds(4) }]
  const client = { get: async () => ({ metadata: { managedFields } }) as never }
  expect(await reportDates(anOwnReport(), { client, mark, log })).toEqual({
    createdMs: NOON - 2000,
    confirmedMs: NOON + 5,
    writtenMs: NOON + 4000,
  })
})

test('without the API server the mark has to do', async () => {
  const client = { get: () => Promise.reject(new Error('nobody there')) }
  expect(await reportDates(anOwnReport(), { client, mark, log })).toEqual({
    createdMs: NOON - 2000,
    confirmedMs: NOON + 5,
  })
})
