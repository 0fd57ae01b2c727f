import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { failedReport } from '../agent/failed-report.ts'
import { TraceFailure } from '../agent/failure.ts'
import { traceJobSchema } from '../crds/trace-job.ts'
import { type TraceReportStatus, traceReportSchema } from '../crds/trace-report.ts'
import { finishedObjects, yamlDocuments } from './documents.ts'
import { aReport, aTraceJob, NOON } from './fixtures.ts'

function documents(report: TraceReportStatus, node = 'worker-1') {
  const text = yamlDocuments(finishedObjects(aTraceJob(), report, node, NOON))
  return { text, objects: parseAllDocuments(text).map(document => document.toJS()) }
}

const LOG = 'R1 type=scalar \x1b expected\n'.repeat(400)
const FAILED = failedReport(new TraceFailure('VerifierRejected', 'Refused', 'Report it.', { detail: LOG }))

describe.each([
  ['of a good trace', aReport()],
  ['of a failed one, whatever the verifier had to say', FAILED],
])('the two documents %s', (_, report) => {
  test('keep to their schemas', () => {
    const [job, traceReport] = documents(report).objects
    expect(traceJobSchema.parse(job)).toEqual(job)
    expect(traceReportSchema.parse(traceReport)).toEqual(traceReport)
  })
})

test('the report is named after job and node, and lies in the namespace of the job', () => {
  const [, report] = documents(aReport()).objects
  expect(report.metadata).toEqual({ name: 'who-opens.worker-1', namespace: 'audit' })
  expect(report.spec).toEqual({ nodeName: 'worker-1', reportIntervalSeconds: 2 })
})

test('a very long name of a node is cut where a name may end', () => {
  const { objects } = documents(aReport(), `${'n'.repeat(225)}.${'m'.repeat(27)}`)
  expect(objects[1].metadata.name).toMatch(/^who-opens\.n{225}-[0-9a-f]{16}$/)
  expect(traceReportSchema.parse(objects[1])).toEqual(objects[1])
})

test('YAML repeats what two objects share, for people do not follow anchors', () => {
  expect(documents(aReport()).text).not.toMatch(/[&*]a\d/)
})

test('times are quoted, as kubectl does', () => {
  expect(documents(aReport()).text).toContain('completionTime: "2026-11-23T12:00:00Z"')
  expect(documents(aReport()).text).not.toContain('%YAML')
})
