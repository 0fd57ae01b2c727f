import fc from 'fast-check'
import { expect, test } from 'vitest'
import { traceJobStatusSchema } from '../crds/trace-job-status.ts'
import { deadlinesOf } from './deadlines.ts'
import { hasEnded } from './ended.ts'
import { aDaemonSet, aJob, aReport, at, SETTINGS } from './fixtures.ts'
import { keptReport } from './kept-report.ts'
import { nextLook } from './next-look.ts'
import { isOwn } from './own-reports.ts'
import { plan } from './plan.ts'
import { aSituation } from './seen.arbitrary.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import { statusOf } from './status.ts'

const moment = fc.integer({ min: 0, max: 600 })
const statusAt = (job: LiveTraceJob, seen: Seen, now: Date) => statusOf(job, seen, [], SETTINGS, now)
/** The job once that has been written. */
const written = (job: LiveTraceJob, seen: Seen, now: Date) => ({ ...job, status: statusAt(job, seen, now) })

test('whatever is seen, the status keeps to the contract, and counts each node once', () => {
  fc.assert(
    fc.property(aSituation, moment, ({ job, seen }, seconds) => {
      const status = statusAt(job, seen, at(seconds))
      expect(traceJobStatusSchema.parse(status)).toEqual(status)
      expect(status.conditions).toHaveLength(5)
      if (!status.nodes) return
      const { desired, tracing, completed, failed, summary } = status.nodes
      expect(tracing + completed + failed).toBeLessThanOrEqual(desired)
      expect(summary).toBe(`${tracing + completed}/${desired}`)
    }),
    { numRuns: 500 },
  )
})

test('whatever is seen, what ends is complete or failed, and not both', () => {
  fc.assert(
    fc.property(aSituation, moment, ({ job, seen }, seconds) => {
      const { conditions, state, completionTime } = statusAt(job, seen, at(seconds))
      const isTrue = (type: string) => conditions?.find(each => each.type === type)?.status === 'True'
      expect([isTrue('Complete'), isTrue('Failed')]).toEqual([state === 'Completed', state === 'Failed'])
      expect(completionTime !== undefined).toBe(isTrue('Complete') || isTrue('Failed'))
    }),
    { numRuns: 500 },
  )
})

test('whatever is seen, a TraceJob with a duration has ended when the last of its deadlines is over', () => {
  fc.assert(
    fc.property(aSituation, fc.nat(1000), ({ job, seen }, more) => {
      const own = seen.reports.filter(report => isOwn(report, job))
      const { overdueAt } = deadlinesOf(job, job.spec, seen.daemonSet, own) ?? {}
      fc.pre(overdueAt !== undefined && (seen.daemonSet !== undefined || seen.place === 0))
      const now = new Date(overdueAt.getTime() + more * 1000)
      expect(hasEnded(written(job, seen, now))).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('whatever is seen, a status that is written changes no more until something happens, or its time has come', () => {
  fc.assert(
    fc.property(
      aSituation,
      moment,
      fc.double({ min: 0, max: 1, noNaN: true }),
      ({ job, seen }, seconds, part) => {
        const now = at(seconds)
        const after = written(job, seen, now)
        expect(statusAt(after, seen, now)).toEqual(after.status)
        const next = nextLook(after, seen, now)?.getTime() ?? now.getTime() + 1e9
        const later = new Date(now.getTime() + Math.floor((next - now.getTime() - 1) * part))
        expect(statusAt(after, seen, later)).toEqual(after.status)
        // Late nodes get what is left of the time, and it gets less while nobody looks: those are made at once.
        const lasting = (when: Date) =>
          plan(after, seen, SETTINGS, when).filter(action => action.do !== 'createReport')
        expect(lasting(later)).toEqual(lasting(now))
      },
    ),
    { numRuns: 500 },
  )
})

test('the status does not grow with the number of nodes', () => {
  const size = (nodes: number) => {
    const reports = Array.from({ length: nodes }, (_, i) => {
      const path = `/${i}${'中'.repeat(300)}`
      const status = {
        state: 'Failed',
        top: { files: [{ path, count: i }], processes: [{ comm: '\x1b'.repeat(15), pid: i, count: i }] },
        failure: { reason: 'Internal', message: '\x1b'.repeat(1024) },
      }
      return keptReport({ ...aReport(`node-${String(i).padStart(5, '0')}`), status })
    })
    const seen: Seen = { ...aDaemonSet(nodes)({ pods: [], reports, place: 0 }) }
    return JSON.stringify(statusAt(aJob(), seen, at(130))).length
  }
  expect(size(5000)).toBeLessThan(size(20) * 1.05)
  expect(size(5000)).toBeLessThan(64 * 1024)
})
