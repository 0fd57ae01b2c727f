/** What is wrong with the pod of an agent, in words one can act on. Pure. */
import { counted } from '../crds/numbers.ts'
import type { FailureReason } from '../crds/reasons.ts'
import { cut, lastWords } from './cut.ts'
import { agentContainer, condition, hasFailed, isUnreachable, kubectl } from './pod-facts.ts'
import type { AgentPod, Terminated } from './seen.ts'

export interface Trouble {
  reason: FailureReason
  message: string
  /** Waiting mends it not. */
  isHopeless?: true
}

/** Undefined: nothing is wrong, as far as its pod tells. */
export function troubleWith(pod: AgentPod): Trouble | undefined {
  for (const rule of RULES) {
    const trouble = rule(pod)
    if (trouble) return { ...trouble, message: cut(trouble.message) }
  }
  return undefined
}

const RULES: readonly ((pod: AgentPod) => Trouble | undefined)[] = [
  nodeIsUnreachable,
  wasThrownOut,
  wasRefusedByKubelet,
  findsNoPlace,
  imageIsNotThere,
  containerIsRefused,
  keepsEnding,
]

function nodeIsUnreachable(pod: AgentPod): Trouble | undefined {
  if (!isUnreachable(pod)) return undefined
  return {
    reason: 'NodeLost',
    message: 'Nothing is heard of the node, so nobody knows whether it still traces. Is it Ready?',
  }
}

const DISRUPTIONS: Record<string, string> = {
  PreemptionByScheduler:
    'to make room for a pod of higher priority; agents can be given one by the chart (agent.priorityClassName)',
  DeletionByTaintManager: 'because of a taint of the node that spec.tolerations does not tolerate',
  EvictionByEvictionAPI: 'by an eviction, as kubectl drain does',
  DeletionByPodGC: 'because its node is gone',
  TerminationByKubelet: 'by the kubelet, which needed what it used, or is shutting the node down',
}
const EVICTIONS = ['Evicted', 'Preempting', 'Terminated', 'Shutdown', 'NodeShutdown', 'NodeLost']

function wasThrownOut(pod: AgentPod): Trouble | undefined {
  const disruption = condition(pod, 'DisruptionTarget', 'True')
  const { reason = '', message } = pod.status ?? {}
  if (!disruption && !(hasFailed(pod) && EVICTIONS.includes(reason))) return undefined
  const why = DISRUPTIONS[disruption?.reason ?? ''] ?? `(${disruption?.reason ?? reason})`
  return {
    reason: 'AgentEvicted',
    message: `Its agent was removed ${why}${said(message ?? disruption?.message)}.`,
  }
}

function wasRefusedByKubelet(pod: AgentPod): Trouble | undefined {
  if (!hasFailed(pod)) return undefined
  const { reason, message } = pod.status ?? {}
  return {
    reason: 'AgentNotCreated',
    message: `The kubelet of the node refused the pod of its agent${reason ? ` (${reason})` : ''}${said(message)}.`,
  }
}

function findsNoPlace(pod: AgentPod): Trouble | undefined {
  const scheduled = condition(pod, 'PodScheduled', 'False')
  if (!scheduled) return undefined
  const message = `The scheduler finds no place for its agent${said(scheduled.message ?? scheduled.reason)}.`
  return { reason: 'Unschedulable', message }
}

const PULLING = [
  'ErrImagePull',
  'ImagePullBackOff',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]
const HOPELESS_IMAGES = ['InvalidImageName', 'ErrImageNeverPull']

function imageIsNotThere(pod: AgentPod): Trouble | undefined {
  const { reason = '', message } = agentContainer(pod)?.state?.waiting ?? {}
  const isHopeless = HOPELESS_IMAGES.includes(reason)
  if (!isHopeless && !PULLING.includes(reason)) return undefined
  return {
    reason: 'ImagePullFailed',
    message: `The image of the agent can not be pulled${said(message && pullError(message), reason)}. Look at the chart's agent.image and imagePullSecrets.`,
    ...(isHopeless && { isHopeless }),
  }
}

/** kubelet tells of one failure in turns with and without these words before it, and the message shall stand still. */
function pullError(message: string): string {
  return message.replace(/^Back-off pulling image "[^"]*":?\s*/, '').replace(/^ErrImagePull: /, '')
}

const REFUSED = [
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
]

function containerIsRefused(pod: AgentPod): Trouble | undefined {
  const { reason = '', message } = agentContainer(pod)?.state?.waiting ?? {}
  if (!REFUSED.includes(reason)) return undefined
  return {
    reason: 'AgentNotCreated',
    message: `The container of its agent can not be started (${reason})${said(message)}.`,
  }
}

/** Also while it runs once more: until it traces, nothing says that this time it will not end. */
function keepsEnding(pod: AgentPod): Trouble | undefined {
  const { state, lastState, restartCount = 0 } = agentContainer(pod) ?? {}
  const end = state?.terminated ?? lastState?.terminated
  if (!end) return undefined
  const times = counted(restartCount + (state?.running ? 0 : 1), 'time')
  if (end.reason === 'OOMKilled') {
    const message = `Its agent was killed ${times} because it used more memory than it may: raise the chart's agent.resources.limits.memory.`
    return { reason: 'AgentOutOfMemory', message }
  }
  const words = end.message?.trim() ? ` Its last words: ${lastWords(end.message)}` : ''
  const message = `Its agent ended ${times}, last ${howItEnded(end)}: ${kubectl('logs --previous', pod)}.${words}`
  return { reason: 'AgentCrashing', message }
}

function howItEnded({ exitCode = 0, signal, reason }: Terminated): string {
  const how = signal ? `by signal ${signal}` : `with exit code ${exitCode}`
  return reason && reason !== 'Error' && reason !== 'Completed' ? `${how} (${reason})` : how
}

/** What somebody said, as it follows on a sentence. */
function said(message: string | undefined, otherwise = ''): string {
  const words = (message?.trim() || otherwise).replace(/\.$/, '')
  return words ? `: ${words}` : ''
}
