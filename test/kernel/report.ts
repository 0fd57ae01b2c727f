import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { isLossless, ledgerCloses } from '../../crds/ledger.ts'
import { type TraceJob, traceJobSchema } from '../../crds/trace-job.ts'
import { type TraceReport, traceReportSchema } from '../../crds/trace-report.ts'

export interface Finished {
  job: TraceJob
  report: TraceReport
}

/** The two documents of a `--report` file, held against the contract. */
export function readReport(path: string): Finished {
  const documents = parseAllDocuments(readFileSync(path, 'utf8'), { version: '1.1' })
  const [job, report, ...more] = documents.map(document => document.toJS())
  expect(more).toEqual([])
  return { job: traceJobSchema.parse(job), report: traceReportSchema.parse(report) }
}

export function condition({ job }: Finished, type: string): string | undefined {
  return job.status?.conditions?.find(each => each.type === type)?.status
}

/** What must hold of every trace that came to its end. */
export function expectComplete(finished: Finished): void {
  const { job, report } = finished
  expect(job.status).toMatchObject({ state: 'Completed', nodes: { desired: 1, completed: 1, failed: 0 } })
  expect(report.status.state).toBe('Completed')
  for (const [type, status] of [
    ['Accepted', 'True'],
    ['Tracing', 'False'],
    ['Complete', 'True'],
    ['Failed', 'False'],
  ])
    expect([type, condition(finished, type)]).toEqual([type, status])
  const ledger = report.status.ledger!
  expect(ledgerCloses(ledger), JSON.stringify(ledger)).toBe(true)
  expect(job.status!.events).toEqual(ledger)
  expect(report.status.selfTest?.start?.opened).toBeGreaterThan(0)
  // Others on this machine may open more than the buffer holds; then it has to be said.
  expect(condition(finished, 'Lossless') === 'True').toBe(isLossless(ledger))
  if (ledger.lost > 0) expect(condition(finished, 'Lossless')).toBe('False')
}
