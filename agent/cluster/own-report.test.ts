import { describe, expect, test } from 'vitest'
import { aReportObject, JOB_UID, NOON, REPORT_UID } from './fixtures.ts'
import { lastWrite, ownReport } from './own-report.ts'

const owner = (changed: object) => ({
  ownerReferences: [
    { apiVersion: 'tracejob.dev/v1alpha1', kind: 'TraceJob', name: 'who-opens', uid: JOB_UID, ...changed },
  ],
})

describe('our own report', () => {
  test('is the one that our job owns', () => {
    expect(ownReport(aReportObject(), JOB_UID)).toMatchObject({
      uid: REPORT_UID,
      name: 'who-opens.node-1',
      namespace: 'audit',
      durationSeconds: 60,
      reportIntervalSeconds: 2,
      status: { state: 'Pending' },
      createdMs: NOON - 2000,
    })
  })

  test.each([
    ['of a job before, of the same name', owner({ uid: 'another' })],
    ['owned by something else of that uid', owner({ kind: 'DaemonSet' })],
    ['that nobody owns', { ownerReferences: [] }],
    ['that is being deleted', { deletionTimestamp: '2026-01-01T12:00:00Z' }],
  ])('is none %s', (_, metadata) => {
    expect(ownReport(aReportObject({}, {}, metadata), JOB_UID)).toBeUndefined()
  })

  test('is none where there is none', () => {
    expect(ownReport(undefined, JOB_UID)).toBeUndefined()
  })
})

test.each([
  [{ durationSeconds: 0 }, 0, 2],
  [{ durationSeconds: 12, reportIntervalSeconds: 30 }, 12, 30],
  [{ reportIntervalSeconds: 0 }, undefined, 1],
  [{ durationSeconds: -1, reportIntervalSeconds: 1e9 }, 0, 300],
  [{ durationSeconds: 'soon', reportIntervalSeconds: null }, undefined, 2],
])('what is asked of us by %o is understood within its bounds', (spec, duration, interval) => {
  const report = ownReport(aReportObject({}, spec), JOB_UID)
  expect(report?.durationSeconds).toBe(duration)
  expect(report?.reportIntervalSeconds).toBe(interval)
})

test('the last write is the one of an agent to the status', () => {
  const at = (second: string) => `2026-01-01T12:00:${second}Z`
  expect(
    lastWrite([
      { manager: 'tracejob-operator', time: at('59') },
      { manager: 'tracejob-agent', subresource: 'status', time: at('10') },
    ]),
  ).toBe(NOON + 10_000)
  expect(lastWrite([{ manager: 'tracejob-operator', time: at('59') }])).toBeUndefined()
  expect(lastWrite(undefined)).toBeUndefined()
})
