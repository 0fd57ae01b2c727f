/** What the pod of an agent says of itself. Pure. */
import { AGENT_CONTAINER } from './names.ts'
import type { AgentPod, ContainerStatus, PodCondition } from './seen.ts'

/** Kubernetes waits longer before each start: by now about five minutes have gone into it. */
const RESTARTS_TOLERATED = 5

export function agentContainer({ status }: AgentPod): ContainerStatus | undefined {
  return status?.containerStatuses?.find(({ name }) => name === AGENT_CONTAINER)
}

/** For good: a pod that has failed never runs again. */
export function hasFailed({ status }: AgentPod): boolean {
  return status?.phase === 'Failed' || status?.phase === 'Succeeded'
}

/** Whether the pod tells that no agent is at work in it just now. */
export function isDown(pod: AgentPod): boolean {
  const { waiting, terminated } = agentContainer(pod)?.state ?? {}
  return hasFailed(pod) || waiting !== undefined || terminated !== undefined
}

/** Its agent has ended so often that the next start will hardly do better. */
export function keepsCrashing(pod: AgentPod): boolean {
  return isDown(pod) && (agentContainer(pod)?.restartCount ?? 0) >= RESTARTS_TOLERATED
}

/** Only the controller that watches nodes makes a pod unready whose containers are ready: kubelet never does. */
export function isUnreachable(pod: AgentPod): boolean {
  return (
    condition(pod, 'ContainersReady', 'True') !== undefined && condition(pod, 'Ready', 'False') !== undefined
  )
}

/** The condition of that type, if it has that status. */
export function condition(
  { status }: AgentPod,
  type: string,
  wanted: 'True' | 'False',
): PodCondition | undefined {
  return status?.conditions?.find(each => each.type === type && each.status === wanted)
}

/** A command that shows more of the pod. */
export function kubectl(
  command: 'describe pod' | 'logs' | 'logs --previous',
  { metadata }: AgentPod,
): string {
  const place = metadata.namespace ? ` -n ${metadata.namespace}` : ''
  return `kubectl${place} ${command} ${metadata.name}`
}
