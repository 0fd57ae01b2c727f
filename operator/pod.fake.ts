/** Builders for tests: the pods of agents, as kubelet writes of them. */
import { AGENT_CONTAINER } from './names.ts'
import type { AgentPod, ContainerStatus, PodStatus } from './seen.ts'

/** An agent's pod that runs, made at noon. */
export function aPod(node: string, status: PodStatus = RUNNING, metadata: object = {}): AgentPod {
  return {
    metadata: {
      name: `who-${node}`,
      namespace: 'tracing',
      uid: `pod-${node}`,
      creationTimestamp: '2026-11-23T12:00:00Z',
      ...metadata,
    },
    spec: { nodeName: node },
    status,
  }
}

export const RUNNING = container({ state: { running: {} } })

/** The status of a pod whose container stands like that. */
export function container(status: Partial<ContainerStatus>, phase = 'Running'): PodStatus {
  return { phase, containerStatuses: [{ name: AGENT_CONTAINER, restartCount: 0, ...status }] }
}

export const waitingFor = (reason: string, message?: string): PodStatus =>
  container({ state: { waiting: { reason, message } } }, 'Pending')

export const crashing = (restartCount: number, message = 'oh no'): PodStatus =>
  container({
    restartCount,
    state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } },
    lastState: { terminated: { exitCode: 1, reason: 'Error', message } },
  })
