/** The turning points of a TraceJob as Kubernetes Events. Each comes once, for it is the difference between two statuses. Pure. */
import type { Condition } from '../crds/conditions.ts'
import { LIMITS } from '../crds/limits.ts'
import type { TraceJobStatus } from '../crds/trace-job.ts'
import type { Action, EventRecord } from './action.ts'
import { cut } from './cut.ts'

/** What an Event holds. */
const NOTE_LENGTH = 1024

/**
 * @param before the status that was written last; undefined on the first visit
 * @param after the one that has just been written
 * @param done what of the plan was done
 */
export function recordsOf(
  before: TraceJobStatus | undefined,
  after: TraceJobStatus,
  done: readonly Action[],
): EventRecord[] {
  return [
    ...onItsWay(before, after),
    ...newFailures(before, after),
    ...atTheEnd(before, after),
    ...heals(done),
  ]
}

function onItsWay(before: TraceJobStatus | undefined, after: TraceJobStatus): EventRecord[] {
  const [was, is] = [conditionIn(before, 'Tracing'), conditionIn(after, 'Tracing')]
  if (!is || isEnd(after)) return []
  const wasWaiting = was?.reason === 'WaitingForTurn'
  const isWaiting = is.reason === 'WaitingForTurn'
  if (isWaiting) return wasWaiting ? [] : [normal('Waiting', 'Wait', is.message)]
  const hasTurn = !was || wasWaiting
  const hasBegun = before?.startTime === undefined && after.startTime !== undefined
  return [
    ...(hasTurn ? [normal('Started', 'Start', 'Agents are started on every node that matches.')] : []),
    ...(hasBegun ? [normal('Tracing', 'Trace', `The first node is tracing. ${is.message}`)] : []),
  ]
}

/** Of the nodes in the list, which has only so many places: the tenth failure is the last that is told of. */
function newFailures(before: TraceJobStatus | undefined, after: TraceJobStatus): EventRecord[] {
  const known = new Set(before?.failures?.map(({ node }) => node))
  if (known.size >= LIMITS.failures) return []
  const fresh = after.failures?.filter(({ node }) => !known.has(node)) ?? []
  return fresh.map(({ node, reason, message }) =>
    warning('NodeFailed', 'Trace', `${node}: ${reason}. ${message}`),
  )
}

function atTheEnd(before: TraceJobStatus | undefined, after: TraceJobStatus): EventRecord[] {
  if (before && isEnd(before)) return []
  const [complete, failed] = [conditionIn(after, 'Complete'), conditionIn(after, 'Failed')]
  if (failed?.status === 'True') return [warning('Failed', 'Finish', failed.message)]
  if (complete?.status !== 'True') return []
  const lossless = conditionIn(after, 'Lossless')
  return [normal('Completed', 'Finish', [complete.message, lossless?.message].filter(Boolean).join(' '))]
}

function heals(done: readonly Action[]): EventRecord[] {
  const healed = done.filter(action => action.do === 'healDaemonSet')
  return healed.map(({ daemonSet, because }) =>
    warning('Healed', 'Heal', `DaemonSet ${daemonSet.metadata.name} was put right: ${because}.`),
  )
}

function conditionIn(status: TraceJobStatus | undefined, type: Condition['type']): Condition | undefined {
  return status?.conditions?.find(condition => condition.type === type)
}

function isEnd(status: TraceJobStatus): boolean {
  return (
    conditionIn(status, 'Complete')?.status === 'True' || conditionIn(status, 'Failed')?.status === 'True'
  )
}

function normal(reason: string, action: string, note: string): EventRecord {
  return { do: 'record', type: 'Normal', reason, action, note: cut(note, NOTE_LENGTH) }
}

function warning(reason: string, action: string, note: string): EventRecord {
  return { ...normal(reason, action, note), type: 'Warning' }
}
