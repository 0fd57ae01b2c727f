/** The whole status of a TraceJob at each station of its way. Pure. */
import { LIMITS } from '../crds/limits.ts'
import type { State } from '../crds/state.ts'
import type { TraceJobStatus } from '../crds/trace-job.ts'
import type { Refusal } from './acceptance.ts'
import { conditionsOf, type Judgement } from './conditions.ts'
import { endingOf } from './ending.ts'
import { headcount } from './headcount.ts'
import { over, refused, underWay, waiting } from './judgements.ts'
import type { NodeState } from './node-states.ts'
import type { Standing } from './standing.ts'
import { type Sum, sumOf } from './sum.ts'
import { earliest, timeOf, timeText } from './time.ts'

/** What the next status builds on. */
interface Job {
  metadata: { generation?: number | undefined }
  status?: TraceJobStatus | undefined
}

export function statusOfRefused(job: Job, refusal: Refusal, now: Date): TraceJobStatus {
  return { ...basics(job, refused(refusal), 'Failed', now), completionTime: timeText(now) }
}

export function statusWaiting(job: Job, place: number, maxRunningJobs: number, now: Date): TraceJobStatus {
  return basics(job, waiting(place, maxRunningJobs), 'Pending', now)
}

/** @param refusal what the API server does not let the operator do */
export function statusUnderWay(
  job: Job,
  standing: Standing,
  refusal: string | undefined,
  now: Date,
): TraceJobStatus {
  const heads = headcount(standing.nodes, standing.unnamed, false)
  const sum = sumOf(countsOf(standing))
  const conditions = underWay({ standing, heads, sum }, refusal)
  return {
    ...basics(job, conditions, standing.hasBegun ? 'Tracing' : 'Pending', now),
    ...whatIsKnown(job, standing, sum, now),
    nodes: heads,
  }
}

/** Of nodes that have all finished, or failed. */
export function statusAtEnd(job: Job, standing: Standing, now: Date): TraceJobStatus {
  const heads = headcount(standing.nodes, standing.unnamed, true)
  const sum = sumOf(countsOf(standing))
  const ending = endingOf(standing)
  const conditions = over({ standing, heads, sum }, ending)
  return {
    ...basics(job, conditions, ending.type === 'Complete' ? 'Completed' : 'Failed', now),
    ...whatIsKnown(job, standing, sum, now),
    nodes: heads,
    completionTime: timeText(now),
  }
}

function basics(
  { metadata: { generation }, status }: Job,
  judgements: readonly Judgement[],
  state: State,
  now: Date,
): TraceJobStatus {
  return {
    conditions: conditionsOf(judgements, status?.conditions, generation, now),
    ...(generation !== undefined && { observedGeneration: generation }),
    state,
  }
}

function countsOf({ reports }: Standing) {
  return reports.map(({ spec, status }) => ({ node: spec.nodeName, status }))
}

function whatIsKnown(job: Job, standing: Standing, { ledger, top }: Sum, now: Date): TraceJobStatus {
  const startTime = timeOf(job.status?.startTime) ?? beginning(standing, now)
  const failures = failuresOf(standing.nodes)
  return {
    ...(startTime && { startTime: timeText(startTime) }),
    ...(ledger && { events: ledger }),
    ...(top && { top }),
    ...(failures.length > 0 && { failures }),
  }
}

/** The first attach, by the clock of its node: but it was not before its turn, and is not in the future. */
function beginning({ reports, deadlines }: Standing, now: Date): Date | undefined {
  const first = earliest(reports.map(({ status }) => timeOf(status.startTime)))
  if (!first) return undefined
  const sinceTurn = deadlines && first < deadlines.turn ? deadlines.turn : first
  return sinceTurn > now ? now : sinceTurn
}

/** In the order of nodes, so that the list stands still. */
function failuresOf(nodes: readonly NodeState[]): NonNullable<TraceJobStatus['failures']> {
  const failed = nodes.filter(({ state }) => state === 'Failed').slice(0, LIMITS.failures)
  return failed.flatMap(({ node, trouble }) =>
    trouble ? [{ node, reason: trouble.reason, message: trouble.message }] : [],
  )
}
