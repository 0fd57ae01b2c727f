/** The container of an agent. Pure. */
import type { TraceJobSpec } from '../crds/trace-job.ts'
import { agentMounts } from './agent-volumes.ts'
import { handover } from './handover.ts'
import { AGENT_CONTAINER } from './names.ts'
import type { LiveTraceJob } from './seen.ts'
import type { AgentSettings } from './settings.ts'

const HEALTH_PORT = 8081

export function agentContainer(job: LiveTraceJob, spec: TraceJobSpec, agent: AgentSettings): object {
  return {
    name: AGENT_CONTAINER,
    image: agent.image,
    imagePullPolicy: agent.imagePullPolicy,
    ...(agent.command && { command: [...agent.command] }),
    env: environment(handover(job, spec), agent),
    ports: [{ name: 'health', containerPort: HEALTH_PORT, protocol: 'TCP' }],
    resources: resources(agent),
    securityContext: securityContext(agent),
    // What it died of, if it could not write it down itself.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    // Generous: nodes on which much is started at once are slow, and clang takes its time on them.
    startupProbe: probe('/healthz', { periodSeconds: 5, failureThreshold: 60 }),
    // A restart is a gap in the trace, so nothing less than a standstill of minutes is worth one.
    livenessProbe: probe('/healthz', { periodSeconds: 30, failureThreshold: 6 }),
    readinessProbe: probe('/readyz', { periodSeconds: 10, failureThreshold: 3 }),
    volumeMounts: agentMounts(),
  }
}

/** What the agent is told. Nobody else may tell it whose it is. */
function environment(job: string, { env = [] }: AgentSettings): object[] {
  const own = [
    { name: 'TRACEJOB', value: job },
    fromField('TRACEJOB_NODE_NAME', 'spec.nodeName'),
    fromField('TRACEJOB_POD_NAME', 'metadata.name'),
    fromField('TRACEJOB_POD_UID', 'metadata.uid'),
    { name: 'TRACEJOB_HEALTH_PORT', value: String(HEALTH_PORT) },
  ]
  const names = new Set(own.map(({ name }) => name))
  return [...own, ...env.filter(({ name }) => !names.has(name)).map(({ name, value }) => ({ name, value }))]
}

function fromField(name: string, fieldPath: string) {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } }
}

function resources({ resources: { requests, limits } }: AgentSettings): object {
  return { ...(requests && { requests: { ...requests } }), ...(limits && { limits: { ...limits } }) }
}

/** Root, for the kernel asks for it in places; but with no more than it needs, and no way to more. */
function securityContext({ capabilities }: AgentSettings): object {
  return {
    runAsUser: 0,
    privileged: false,
    // The API server refuses false beside SYS_ADMIN, which is as good as everything.
    allowPrivilegeEscalation: capabilities.some(name => /^(CAP_)?(SYS_ADMIN|ALL)$/.test(name)),
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'], add: [...capabilities] },
  }
}

/** Each answer may take ten seconds: an agent under load has events to read first. */
function probe(path: string, pace: { periodSeconds: number; failureThreshold: number }): object {
  return { httpGet: { path, port: 'health' }, timeoutSeconds: 10, ...pace }
}
