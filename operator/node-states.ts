/** Where one node stands, from its report, its pod and the clock. Pure. */
import type { State } from '../crds/state.ts'
import type { TraceJobSpec } from '../crds/trace-job.ts'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import { cut } from './cut.ts'
import { type Deadlines, nodeStartBy } from './deadlines.ts'
import { AGENT_GONE, AGENT_INTERRUPTED, NODE_GONE, notStarted, overdue } from './node-troubles.ts'
import { isDown, isUnreachable, keepsCrashing } from './pod-facts.ts'
import { type Trouble, troubleWith } from './pods.ts'
import type { AgentPod, LiveTraceReport } from './seen.ts'

export interface NodeState {
  node: string
  state: State
  /** Of a failed node why; of a pending one what keeps it, if that is known. */
  trouble?: Trouble
}

/** What is known of a node. */
export interface NodeView {
  node: string
  /** Of this TraceJob. */
  report?: LiveTraceReport | undefined
  pod?: AgentPod | undefined
  /** It has no pod, and the DaemonSet controller wants none there. */
  isUnwanted: boolean
}

/** What the node itself says has the first word. Where it is silent, its pod speaks; where that is no help, the clock. */
export function nodeState(view: NodeView, spec: TraceJobSpec, deadlines: Deadlines, now: Date): NodeState {
  const { node, report, pod } = view
  if (report && isFinal(report.status)) return finalState(node, report.status)
  if (view.isUnwanted) return failed(node, NODE_GONE)
  const trouble = pod && troubleWith(pod)
  if (trouble && keepsCrashing(pod)) return failed(node, trouble)
  const isOverdue = deadlines.overdueAt !== undefined && now >= deadlines.overdueAt
  if (report && hasTraced(report.status)) {
    if (isOverdue) return failed(node, trouble ?? overdue(deadlines))
    return midway(node, report.status, pod, trouble)
  }
  const startBy = report && nodeStartBy(report, spec)
  const isLate = isOverdue || (startBy !== undefined && now >= startBy)
  if (isLate || trouble?.isHopeless) return failed(node, trouble ?? notStarted(pod))
  return pending(node, trouble)
}

/** Whether the node will never say anything else. */
export function isFinal({ state }: TraceReportStatus): boolean {
  return state === 'Completed' || state === 'Failed'
}

/** Where a node stands that has said its last word. */
export function finalState(node: string, { state, failure }: TraceReportStatus): NodeState {
  if (state === 'Completed') return { node, state }
  if (failure) return failed(node, { reason: failure.reason, message: cut(failure.message) })
  return failed(node, {
    reason: 'Internal',
    message: 'Its agent gave up and did not say why: look at its log.',
  })
}

function hasTraced({ state, startTime }: TraceReportStatus): boolean {
  return state === 'Tracing' || startTime !== undefined
}

/** An agent that is interrupted goes on when it is started again, so nothing is lost yet; but it does not trace now, whatever its report says. */
function midway(
  node: string,
  { state }: TraceReportStatus,
  pod: AgentPod | undefined,
  trouble: Trouble | undefined,
): NodeState {
  if (!pod) return pending(node, AGENT_GONE)
  const isAtWork = state === 'Tracing' && !isDown(pod) && !isUnreachable(pod)
  return isAtWork ? { node, state } : pending(node, trouble ?? AGENT_INTERRUPTED)
}

function pending(node: string, trouble?: Trouble): NodeState {
  return { node, state: 'Pending', ...(trouble && { trouble }) }
}

function failed(node: string, trouble: Trouble): NodeState {
  return { node, state: 'Failed', trouble }
}
