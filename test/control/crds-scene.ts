/** An API server that knows our kinds, and nothing that would act on them. */
import { join } from 'node:path'
import { pino } from 'pino'
import type { Condition } from '../../crds/conditions.ts'
import type { Ledger } from '../../crds/ledger.ts'
import { TRACE_REPORTS } from '../../crds/resources.ts'
import { Client } from '../../kube/client.ts'
import { fromKubeconfig } from '../../kube/kubeconfig.ts'
import type { KubeObject } from '../../kube/object.ts'
import { startCluster } from '../cluster/cluster.ts'
import { ProgramFailed } from '../cluster/failures.ts'

export const HOUSE = join(import.meta.dirname, '..', '..')
export const CRDS = ['tracejobs.tracejob.dev', 'tracereports.tracejob.dev'] as const

export interface Scene extends AsyncDisposable {
  client: Client
  /** What it says on stdout. @throws ProgramFailed with what it says on stderr */
  kubectl(...args: string[]): Promise<string>
  /** Writes a status as an agent does; the report is made if there is none of that name yet. */
  reported(name: string, status: Record<string, unknown>): Promise<{ status: Record<string, unknown> }>
}

export async function crdsScene(): Promise<Scene> {
  await using stack = new AsyncDisposableStack()
  const cluster = stack.use(await startCluster({ without: ['kube-controller-manager', 'kube-scheduler'] }))
  const log = pino({ level: 'silent' })
  const client = stack.use(
    new Client(fromKubeconfig({ path: cluster.kubeconfig }), { userAgent: 'test', log }),
  )
  const kubectl = async (...args: string[]): Promise<string> => {
    const { stdout, stderr, code } = await cluster.kubectl(args)
    if (code !== 0) throw new ProgramFailed(`kubectl ${args[0]}`, stderr)
    return stdout
  }
  const files = CRDS.map(name => join(HOUSE, 'crds', name.replace('.tracejob.dev', '.yaml')))
  await kubectl('apply', '--server-side', ...files.flatMap(file => ['-f', file]))
  await kubectl('wait', '--for=condition=Established', '--timeout=300s', ...CRDS.map(name => `crd/${name}`))
  const reported = async (name: string, status: Record<string, unknown>) => {
    await client.apply(TRACE_REPORTS, aTraceReport(name), { fieldManager: 'operator' })
    const write = { subresource: 'status', fieldManager: 'agent', force: true }
    const report: KubeObject & { status: Record<string, unknown> } = { ...aTraceReport(name), status }
    return client.apply(TRACE_REPORTS, report, write)
  }
  const owned = stack.move()
  return { client, kubectl, reported, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** @param rest spec and status */
export const aTraceJob = (name: string, rest: object = { spec: {} }) => ({
  apiVersion: 'tracejob.dev/v1alpha1',
  kind: 'TraceJob',
  metadata: { name, namespace: 'default' },
  ...rest,
})

export const aTraceReport = (name: string, rest: object = {}) => ({
  apiVersion: 'tracejob.dev/v1alpha1',
  kind: 'TraceReport',
  metadata: { name, namespace: 'default', labels: { 'tracejob.dev/job': 'a-job' } },
  spec: { nodeName: 'node-1' },
  ...rest,
})

export const LEDGER: Ledger = {
  observed: 130,
  filtered: 5,
  lost: 1,
  received: 124,
  logged: 124,
  withheld: 0,
  lostBy: { ringFull: 1, skippedRuns: 0, missedReturns: 0, unmatched: 0, unattributed: 0 },
  uncertain: 0,
  skippedRunsKnown: true,
}

export const condition = (type: Condition['type'], status: Condition['status']): Condition => ({
  type,
  status,
  reason: 'AllNodesFinished',
  message: 'All is well.',
  lastTransitionTime: '2026-11-23T12:00:00Z',
})
