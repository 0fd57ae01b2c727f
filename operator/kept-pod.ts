/** What stays in memory of an agent's pod: thousands of them may be there. Pure. */
import { keptMetadata } from './kept-metadata.ts'
import type { AgentPod, ContainerStatus } from './seen.ts'

interface PodAffinity {
  nodeAffinity?: {
    requiredDuringSchedulingIgnoredDuringExecution?: {
      nodeSelectorTerms?: { matchFields?: { key: string; values?: string[] }[] }[]
    }
  }
}

/** For a reflector of pods. @param pod as the API server has it */
export function keptPod(pod: AgentPod): AgentPod {
  const { phase, reason, message, conditions, containerStatuses } = pod.status ?? {}
  return {
    metadata: keptMetadata(pod.metadata),
    spec: { nodeName: targetNode(pod.spec) },
    status: {
      phase,
      reason,
      message,
      conditions: conditions?.map(({ type, status, reason, message }) => ({ type, status, reason, message })),
      containerStatuses: containerStatuses?.map(keptContainer),
    },
  }
}

function keptContainer({ name, restartCount, state, lastState }: ContainerStatus): ContainerStatus {
  return { name, restartCount, state, lastState }
}

/** Before it is bound, the DaemonSet controller has said by an affinity which node the pod is for. */
function targetNode(spec: AgentPod['spec'] & { affinity?: PodAffinity }): string | undefined {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const fields = required?.nodeSelectorTerms?.flatMap(({ matchFields }) => matchFields ?? [])
  return spec.nodeName || fields?.find(({ key }) => key === 'metadata.name')?.values?.[0]
}
