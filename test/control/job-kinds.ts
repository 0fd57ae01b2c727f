/** TraceJobs of many fates, and what each must have come to. */
import { isDeepStrictEqual } from 'node:util'
import type { TraceJobStatus } from '../../crds/trace-job.ts'
import { type Behaviour, TRACES } from '../fleet/behaviour.ts'
import { conditionOf, type OperatorScene, type Report } from './operator-scene.ts'

export interface JobKind {
  name: string
  /** What becomes of the agents of its nodes. */
  nodes: Record<string, Behaviour>
  spec: object
  /** `[state, desired, completed, failed, reason of the condition that is True at the end]`; absent: it has no end, and is deleted. */
  end?: [state: 'Completed' | 'Failed', desired: number, completed: number, failed: number, reason: string]
}

const NO_BTF: Behaviour = { does: 'fail', reason: 'BtfMissing', message: 'This kernel has no BTF.' }

export const JOB_KINDS: readonly JobKind[] = [
  {
    name: 'well',
    nodes: { a: TRACES, b: TRACES, c: TRACES },
    spec: { durationSeconds: 4 },
    end: ['Completed', 3, 3, 0, 'AllNodesFinished'],
  },
  {
    name: 'brief',
    nodes: { a: TRACES },
    spec: { durationSeconds: 1 },
    end: ['Completed', 1, 1, 0, 'AllNodesFinished'],
  },
  {
    name: 'long',
    nodes: { a: TRACES, b: TRACES },
    spec: { durationSeconds: 15 },
    end: ['Completed', 2, 2, 0, 'AllNodesFinished'],
  },
  {
    name: 'lossy',
    nodes: { a: { does: 'trace', lostPerReport: 2 }, b: TRACES },
    spec: { durationSeconds: 3 },
    end: ['Completed', 2, 2, 0, 'AllNodesFinished'],
  },
  {
    name: 'mixed',
    nodes: { a: TRACES, b: NO_BTF, c: TRACES },
    spec: { durationSeconds: 3 },
    end: ['Completed', 3, 2, 1, 'SomeNodesFailed'],
  },
  {
    name: 'ill',
    nodes: { a: NO_BTF, b: NO_BTF },
    spec: { durationSeconds: 3 },
    end: ['Failed', 2, 0, 2, 'BtfMissing'],
  },
  {
    name: 'silent',
    nodes: { a: TRACES, b: { does: 'nothing' } },
    spec: { durationSeconds: 3, startDeadlineSeconds: 20 },
    end: ['Completed', 2, 1, 1, 'SomeNodesFailed'],
  },
  { name: 'endless', nodes: { a: TRACES, b: TRACES }, spec: {} },
]

/** Adds the nodes of all kinds. */
export async function addNodesOfKinds(scene: OperatorScene, kinds = JOB_KINDS): Promise<void> {
  for (const { name, nodes } of kinds) await scene.nodes(name, nodes)
}

/** What is wrong with the status of a TraceJob that has ended; nothing if all is right. */
export function mistakesIn(
  { end }: JobKind,
  status: TraceJobStatus,
  reports: readonly Report[],
): string | undefined {
  const { state, nodes, events, conditions = [] } = status
  const isTrue = conditions.filter(
    each => (each.type === 'Complete' || each.type === 'Failed') && each.status === 'True',
  )
  const is = [state, nodes?.desired, nodes?.completed, nodes?.failed, ...isTrue.map(({ reason }) => reason)]
  if (!isDeepStrictEqual(is, end)) return `it came to ${is}, not to ${end}`
  const sum = (field: 'observed' | 'lost' | 'received') =>
    reports.reduce((total, each) => total + (each.status.ledger?.[field] ?? 0), 0)
  for (const field of ['observed', 'lost', 'received'] as const)
    if ((events?.[field] ?? 0) !== sum(field))
      return `${field} is ${events?.[field]}, and by the reports ${sum(field)}`
  const isLossless = conditionOf(status, 'Lossless')?.status
  if (isLossless === 'True' && sum('lost') > 0) return 'it calls itself lossless'
  return undefined
}
