/** Whether a TraceJob is over, and how it ended. Pure. */
import { CONDITION_REASONS, type ConditionReason } from '../crds/condition-reasons.ts'
import { sayDuration } from '../crds/duration.ts'
import { counted } from '../crds/numbers.ts'
import type { FailureReason } from '../crds/reasons.ts'
import { cut } from './cut.ts'
import type { NodeState } from './node-states.ts'
import type { Standing } from './standing.ts'

export interface Ending {
  /** The condition that is True from then on. */
  type: 'Complete' | 'Failed'
  reason: ConditionReason
  message: string
}

/** Over is for good: from then on nothing of it changes. */
export function isOver(standing: Standing, now: Date): boolean {
  const { nodes, unnamed, isCounted, isBounded, hasBegun, deadlines } = standing
  const has = (time: Date | undefined) => time !== undefined && now >= time
  if (has(deadlines?.overdueAt)) return true
  if (!nodes.every(({ state }) => state === 'Completed' || state === 'Failed')) return false
  // Without a duration it ends only if it never began: a node that is lost may come again.
  if (!isBounded && hasBegun) return false
  const areAllKnown = nodes.length > 0 && isCounted && unnamed === 0
  return areAllKnown || has(deadlines?.agentsBy)
}

/** Of a TraceJob that is over. */
export function endingOf(standing: Standing): Ending {
  const completed = standing.nodes.filter(({ state }) => state === 'Completed')
  const failed = standing.nodes.filter(({ state }) => state === 'Failed')
  if (completed.length === 0) return failure(standing, failed)
  const all = completed.length + failed.length + standing.unnamed
  const time = tracedFor(standing)
  if (completed.length === all) {
    const [only] = completed
    const message =
      all === 1
        ? `The trace on ${only.node} ended in order after ${time}.`
        : `The traces on all ${counted(all, 'node')} ended in order, the longest after ${time}.`
    return { type: 'Complete', reason: 'AllNodesFinished', message }
  }
  const message = `${completed.length} of ${counted(all, 'node')} finished in order; ${failuresText(failed, standing.unnamed)}`
  return { type: 'Complete', reason: 'SomeNodesFailed', message }
}

function failure({ nodes, unnamed, isCounted, daemonSet }: Standing, failed: readonly NodeState[]): Ending {
  if (nodes.length > 0) {
    return { type: 'Failed', reason: commonest(failed), message: failuresText(failed, unnamed) }
  }
  if (!daemonSet) {
    const message = 'Its DaemonSet was gone when its time was over, and nothing is known of any node.'
    return { type: 'Failed', reason: 'AgentsNotCreated', message }
  }
  const { namespace, name } = daemonSet.metadata
  const where = `kubectl -n ${namespace} describe daemonset ${name}`
  if (!isCounted) {
    const message = `The DaemonSet controller never looked at DaemonSet ${name}: is kube-controller-manager running? ${where}.`
    return { type: 'Failed', reason: 'AgentsNotCreated', message }
  }
  if (unnamed > 0) {
    const message = `The DaemonSet controller could create none of ${counted(unnamed, 'agent')}, often for a quota or an admission policy of namespace ${namespace}: ${where}.`
    return { type: 'Failed', reason: 'AgentsNotCreated', message }
  }
  return { type: 'Failed', reason: 'NoMatchingNodes', message: CONDITION_REASONS.NoMatchingNodes }
}

/** `2 nodes failed, worker-1: …` */
export function failuresText(failed: readonly NodeState[], unnamed: number): string {
  const all = failed.length + unnamed
  const [first] = failed
  if (!first) return `${counted(all, 'node')} never had an agent.`
  const why = `${first.node}: ${first.trouble?.message}`
  return cut(all === 1 ? why : `${counted(all, 'node')} failed, such as ${why}`)
}

/** Of the nodes that failed; the first in the order of nodes where several are as common. */
function commonest(failed: readonly NodeState[]): FailureReason {
  const tally = new Map<FailureReason, number>()
  for (const { trouble } of failed) {
    if (trouble) tally.set(trouble.reason, (tally.get(trouble.reason) ?? 0) + 1)
  }
  const [most] = [...tally].sort(([, a], [, b]) => b - a)
  return most?.[0] ?? 'Internal'
}

/** The longest of all nodes, each by its own clock. */
function tracedFor({ reports }: Standing): string {
  const seconds = reports.map(({ status: { startTime, endTime } }) =>
    startTime && endTime ? (Date.parse(endTime) - Date.parse(startTime)) / 1000 : 0,
  )
  return sayDuration(seconds.reduce((longest, each) => Math.max(longest, each), 0))
}
