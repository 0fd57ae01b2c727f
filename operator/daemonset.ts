/** The DaemonSet of a TraceJob: one agent on every node that matches. Pure. */
import { LABELS } from '../crds/labels.ts'
import type { TraceJobSpec } from '../crds/trace-job.ts'
import { agentContainer } from './agent-container.ts'
import { agentVolumes } from './agent-volumes.ts'
import { AGENT_CONTAINER, daemonSetName } from './names.ts'
import { affinityOf } from './node-affinity.ts'
import { ourLabels } from './our-labels.ts'
import type { DaemonSet, LiveTraceJob } from './seen.ts'
import type { Settings } from './settings.ts'

/**
 * The end of a trace takes a second or two: the self-test, the detach, the buffers, the last lines of the log. The rest is for the last
 * report, in case the API server is just then starting again. A node that is drained waits that long at most.
 */
const TERMINATION_SECONDS = 30

/** The same for the same job and settings always. @param spec as `acceptanceOf` read it */
export function daemonSetFor(job: LiveTraceJob, spec: TraceJobSpec, settings: Settings): DaemonSet {
  const { name, namespace, uid } = job.metadata
  const labels = {
    ...ourLabels(settings.instance),
    [LABELS.job]: name,
    [LABELS.jobNamespace]: namespace,
    [LABELS.jobUid]: uid,
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {
      name: daemonSetName(name, uid),
      namespace: settings.namespace,
      labels,
      ...(settings.owner && { ownerReferences: [settings.owner] }),
    },
    spec: {
      // It can never be changed, so it says no more than it must.
      selector: { matchLabels: { [LABELS.jobUid]: uid } },
      // A template that is edited, or another release of the operator, must not restart agents in mid-trace.
      updateStrategy: { type: 'OnDelete' },
      // Old templates are of no use: there is no way back to them.
      revisionHistoryLimit: 0,
      template: {
        metadata: { labels, annotations: { 'kubectl.kubernetes.io/default-container': AGENT_CONTAINER } },
        spec: podSpec(job, spec, settings),
      },
    },
  }
}

function podSpec(job: LiveTraceJob, spec: TraceJobSpec, { agent }: Settings): object {
  return {
    serviceAccountName: agent.serviceAccountName,
    // Its token is one of the volumes, with a shorter life than the one that would be mounted by default.
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // Events name processes as the host does, and /proc tells their cgroups.
    hostPID: true,
    terminationGracePeriodSeconds: TERMINATION_SECONDS,
    nodeSelector: spec.nodeSelector ?? {},
    affinity: affinityOf(spec),
    tolerations: [...spec.tolerations, ...(agent.extraTolerations ?? [])],
    ...(agent.priorityClassName && { priorityClassName: agent.priorityClassName }),
    ...(agent.imagePullSecrets.length > 0 && {
      imagePullSecrets: agent.imagePullSecrets.map(({ name }) => ({ name })),
    }),
    securityContext: { seccompProfile: agent.seccompProfile ?? { type: 'RuntimeDefault' } },
    containers: [agentContainer(job, spec, agent)],
    volumes: agentVolumes(),
  }
}
