import { expect, test } from 'vitest'
import { LABELS } from '../crds/labels.ts'
import { TRACE_REPORTS } from '../crds/resources.ts'
import { FakeClock } from '../kube/clock.fake.ts'
import type { NewReport } from './action.ts'
import { FakeApi } from './api.fake.ts'
import { OwnWrites } from './own-writes.ts'
import { ReportWrites } from './report-writes.ts'
import type { LiveTraceJob, LiveTraceReport } from './seen.ts'

const JOB = { metadata: { namespace: 'shop', name: 'who', uid: 'job-1' } } as LiveTraceJob
const aReport = (labels: Record<string, string> = { [LABELS.job]: 'who' }): NewReport => ({
  metadata: { namespace: 'shop', name: 'who.a', labels },
  spec: { nodeName: 'a', durationSeconds: 60, reportIntervalSeconds: 2 },
})

function writes() {
  const api = new FakeApi()
  const own = new OwnWrites<LiveTraceReport>(new FakeClock())
  return { api, reports: new ReportWrites(api, own), seen: () => own.over('shop/who', []) }
}

test('what was created or adjusted is seen before any cache has it', async () => {
  const { reports, seen } = writes()
  await reports.create(JOB, aReport())
  const [{ metadata, status }] = seen()
  expect(status.state).toBe('Pending')
  await reports.adjust(JOB, {
    do: 'adjustReport',
    name: 'who.a',
    uid: metadata.uid!,
    spec: { durationSeconds: 0 },
    because: '',
  })
  expect(seen().map(({ spec }) => spec)).toEqual([
    { nodeName: 'a', durationSeconds: 0, reportIntervalSeconds: 2 },
  ])
})

test('one that is there already is seen as it is, whoever owns it', async () => {
  const { api, reports, seen } = writes()
  api.put(TRACE_REPORTS, { ...aReport(), status: { state: 'Tracing' } })
  await reports.create(JOB, aReport())
  expect(seen().map(({ status }) => status.state)).toEqual(['Tracing'])
})

test('one that is in the way and that nobody would ever see is named', async () => {
  const { api, reports } = writes()
  api.put(TRACE_REPORTS, aReport({}))
  await expect(reports.create(JOB, aReport())).rejects.toThrow('There is a TraceReport who.a already')
})

test('one that was deleted and came again is left alone', async () => {
  const { api, reports, seen } = writes()
  api.put(TRACE_REPORTS, aReport())
  const action = { name: 'who.a', uid: 'of-before', spec: { durationSeconds: 0 }, because: '' }
  await reports.adjust(JOB, { do: 'adjustReport', ...action })
  await reports.remove(JOB, action)
  expect(seen()).toEqual([])
  expect(api.objects.size).toBe(1)
})
