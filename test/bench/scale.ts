/**
 * `npm run bench:scale`: the operator with many nodes that are objects only, and agents that are played: whether its status is
 * right, how long a reconcile takes, what memory it has, and how many writes reach the API server. Needs root.
 *
 * NODES (1000) and JOBS (3), and SECONDS (60) for which every agent reports at the interval it is given.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { TRACE_JOBS, TRACE_REPORTS } from '../../crds/resources.ts'
import { NAMESPACES } from '../../kube/resource.ts'
import { type Job, OperatorScene, type Report } from '../control/operator-scene.ts'
import { tracingReport } from '../fleet/agent-report.ts'

const NODES = Number(process.env.NODES ?? 1000)
const JOBS = Number(process.env.JOBS ?? 3)
const SECONDS = Number(process.env.SECONDS ?? 60)
const WRITERS = 16

await using scene = await OperatorScene.open()
await scene.cluster.fakeNodes(NODES)
await using operator = scene.operator()
await operator.leading()
await scene.client.create(NAMESPACES, { metadata: { name: 'scale' } })
const names = Array.from({ length: JOBS }, (_, i) => `job-${i + 1}`)
const began = performance.now()
for (const name of names)
  await scene.client.create(TRACE_JOBS, {
    metadata: { name, namespace: 'scale' },
    spec: { scope: 'Cluster' },
  })

const reports = await eventually('every node has its reports', async () => {
  const { items } = await scene.client.list<Report>(TRACE_REPORTS, { namespace: 'scale' })
  return items.length === NODES * JOBS ? items : undefined
})
const created = since(began)
const started = new Date().toISOString()
await report(1)
await eventually('every job says that all its nodes trace', async () =>
  (await jobs()).every(job => job.status?.nodes?.tracing === NODES) ? true : undefined,
)
const tracing = since(began)

const interval = reports[0]!.spec.reportIntervalSeconds
const before = { writes: scene.proxy.writes().length, cpu: cpuSeconds() }
const loadBegan = performance.now()
let rounds = 1
while (performance.now() - loadBegan < SECONDS * 1000) {
  const next = performance.now() + interval * 1000
  await report(++rounds)
  await sleep(Math.max(0, next - performance.now()))
}
const loadSeconds = (performance.now() - loadBegan) / 1000
const writes = scene.proxy.writes().slice(before.writes)
const cpu = cpuSeconds() - before.cpu

await report(++rounds, new Date().toISOString())
const sums = await eventually('every sum is that of its reports', async () => {
  const all = await jobs()
  const wanted = NODES * 10 * rounds
  return all.every(job => job.status?.events?.received === wanted) ? wanted : undefined
})

const metrics = await operator.metrics()
console.log(`nodes ${NODES}, jobs ${JOBS}, reports ${reports.length}, each every ${interval} s`)
console.log(`from apply to all reports created: ${created} s; to all nodes tracing: ${tracing} s`)
console.log(`each job's sum at the end: ${sums} opens, exact`)
console.log(`reconcile: p50 < ${quantile(metrics, 0.5)} s, p99 < ${quantile(metrics, 0.99)} s`)
console.log(
  `operator: ${memory('VmRSS')} MB resident, ${memory('VmHWM')} MB at its highest, ${(cpu / loadSeconds).toFixed(2)} cores`,
)
console.log(
  `writes by the operator under load: ${(writes.length / loadSeconds).toFixed(2)} a second; by the agents: ${((NODES * JOBS) / interval).toFixed(0)}`,
)

async function jobs(): Promise<Job[]> {
  return (await scene.client.list<Job>(TRACE_JOBS, { namespace: 'scale' })).items
}

/** Every agent writes its report once, in the time it has for that. */
async function report(round: number, endTime?: string): Promise<void> {
  const left = reports.values()
  const write = async () => {
    for (const { metadata } of left) {
      const status = tracingReport({ does: 'trace' }, round, started, endTime)
      const object = {
        apiVersion: 'tracejob.dev/v1alpha1',
        kind: 'TraceReport',
        metadata: { name: metadata.name, namespace: 'scale', uid: metadata.uid! },
        status,
      }
      await scene.client.apply(TRACE_REPORTS, object, {
        fieldManager: 'tracejob-agent',
        force: true,
        subresource: 'status',
      })
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, write))
}

async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (let seconds = 0; seconds < 900; seconds++) {
    const seen = await look()
    if (seen !== undefined) return seen
    await sleep(1000)
  }
  throw new Error(`not in 15 minutes: ${what}`)
}

function since(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1)
}

function memory(field: string): number {
  const status = readFileSync(`/proc/${operator.pid}/status`, 'utf8')
  return Math.round(Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)![1]) / 1024)
}

function cpuSeconds(): number {
  const stat = readFileSync(`/proc/${operator.pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** The upper bound of the bucket of the histogram in which that quantile lies. */
function quantile(text: string, q: number): string {
  const buckets = [
    ...text.matchAll(/^tracejob_operator_reconcile_seconds_bucket\{.*le="([^"]+)".*\} (\d+)$/gm),
  ]
  const total = Number(buckets.at(-1)![2])
  return buckets.find(([, , count]) => Number(count) >= q * total)![1]!
}
