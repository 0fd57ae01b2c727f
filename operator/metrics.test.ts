import { expect, test } from 'vitest'
import type { State } from '../crds/state.ts'
import { Metrics } from './metrics.ts'

async function scraped(act: (metrics: Metrics) => void, jobs: [State, number][] = []): Promise<string> {
  const gauges = { queueDepth: () => 3, jobsByState: () => new Map(jobs), isLeader: () => true }
  const metrics = new Metrics(gauges, '1.2.3')
  act(metrics)
  const answer = await metrics.routes()['/metrics']()
  expect(answer).toMatchObject({ status: 200, contentType: expect.stringContaining('text/plain') })
  return answer.body
}

test.each<[string, (metrics: Metrics) => void, string]>([
  [
    'reconciles by how they ended',
    metrics => metrics.of('jobs').reconciled('failed', 0.02),
    'tracejob_operator_reconciles_total{queue="jobs",result="failed"} 1',
  ],
  [
    'how long they took',
    metrics => metrics.of('jobs').reconciled('done', 0.02),
    'tracejob_operator_reconcile_duration_seconds_bucket{le="0.05",queue="jobs"} 1',
  ],
  [
    'what asked for them',
    metrics => metrics.of('orphans').added(),
    'tracejob_operator_queue_adds_total{queue="orphans"} 1',
  ],
  [
    'what is tried again',
    metrics => metrics.of('jobs').retried(),
    'tracejob_operator_queue_retries_total{queue="jobs"} 1',
  ],
  [
    'how long it waited',
    metrics => metrics.of('jobs').taken(2),
    'tracejob_operator_queue_wait_seconds_sum{queue="jobs"} 2',
  ],
  ['how many wait', () => {}, 'tracejob_operator_queue_depth 3'],
  ['who leads', () => {}, 'tracejob_operator_leader 1'],
  ['what runs', () => {}, `tracejob_operator_build_info{version="1.2.3",node="${process.version}"} 1`],
  [
    'requests to the API server',
    metrics => metrics.requested({ verb: 'patch', resource: 'tracejobs/status', status: 409, seconds: 0.1 }),
    'tracejob_operator_api_requests_total{verb="patch",resource="tracejobs/status",code="409"} 1',
  ],
  [
    'their latency',
    metrics => metrics.requested({ verb: 'get', resource: 'leases', status: 200, seconds: 0.1 }),
    'tracejob_operator_api_request_duration_seconds_sum{verb="get",resource="leases"} 0.1',
  ],
  [
    'watches',
    metrics => metrics.requested({ verb: 'watch', resource: 'pods', status: 200, seconds: 300 }),
    'tracejob_operator_watches_total{resource="pods"} 1',
  ],
  [
    'writes of status',
    metrics => metrics.wroteStatus('counters'),
    'tracejob_operator_status_writes_total{change="counters"} 1',
  ],
  ['heals', metrics => metrics.healed(), 'tracejob_operator_heals_total 1'],
  ['orphans', metrics => metrics.deletedOrphan(), 'tracejob_operator_orphans_deleted_total 1'],
  ['the process itself', () => {}, 'process_cpu_seconds_total'],
])('counts %s', async (_, act, wanted) => {
  expect(await scraped(act)).toContain(wanted)
})

test('TraceJobs by state: of those that are not there none', async () => {
  const text = await scraped(() => {}, [['Tracing', 2]])
  expect(text.match(/^tracejob_operator_jobs\{.*$/gm)).toEqual([
    'tracejob_operator_jobs{state="Pending"} 0',
    'tracejob_operator_jobs{state="Tracing"} 2',
    'tracejob_operator_jobs{state="Completed"} 0',
    'tracejob_operator_jobs{state="Failed"} 0',
  ])
})
