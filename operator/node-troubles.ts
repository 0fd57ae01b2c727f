/** What is wrong with a node that its pod does not tell. Pure. */
import { cut } from './cut.ts'
import type { Deadlines } from './deadlines.ts'
import { agentContainer, kubectl } from './pod-facts.ts'
import type { Trouble } from './pods.ts'
import type { AgentPod } from './seen.ts'
import { timeText } from './time.ts'

export const NODE_GONE: Trouble = {
  reason: 'NodeLost',
  message:
    'The node went away or no longer matches the TraceJob, before its agent said that it had finished.',
}

export const AGENT_GONE: Trouble = {
  reason: 'NodeLost',
  message: 'The pod of its agent is gone, and the DaemonSet controller has not made another one yet.',
}

export const AGENT_INTERRUPTED: Trouble = {
  reason: 'Interrupted',
  message: 'Its agent was interrupted; when it runs again it goes on with the time that is left.',
}

export function overdue({ stopAt }: Deadlines): Trouble {
  const when = stopAt ? ` at ${timeText(stopAt)}` : ''
  return {
    reason: 'NodeLost',
    message: `Its agent was to stop${when} at the latest and has not said that it did; what it counted last is in the sums.`,
  }
}

/** Its time to start is over, and nothing is known to be wrong. */
export function notStarted(pod: AgentPod | undefined): Trouble {
  return { reason: 'NodeNotStarted', message: cut(whatItWaitsFor(pod)) }
}

function whatItWaitsFor(pod: AgentPod | undefined): string {
  if (!pod) return 'It had no pod of an agent when spec.startDeadlineSeconds were over.'
  const { waiting, running } = agentContainer(pod)?.state ?? {}
  if (running) {
    return `Its agent ran and was not tracing when spec.startDeadlineSeconds were over: ${kubectl('logs', pod)}.`
  }
  if (waiting) {
    return `The container of its agent was still being created (${waiting.reason}) when spec.startDeadlineSeconds were over, often for a volume that can not be mounted: ${kubectl('describe pod', pod)}.`
  }
  return `The kubelet had not taken up the pod of its agent when spec.startDeadlineSeconds were over. Is the node Ready? ${kubectl('describe pod', pod)}.`
}
