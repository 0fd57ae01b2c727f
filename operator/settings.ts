/** What the operator was told about itself and its agents. Pure. */
import type { TraceJobSpec } from '../crds/trace-job.ts'
import type { OwnerReference } from '../kube/object.ts'

export interface Settings {
  /** The operator's own namespace, where DaemonSets and agents are. */
  namespace: string
  /** Whose DaemonSets are whose, where several operators share a namespace. */
  instance: string
  /** The operator's Deployment, so that DaemonSets go when it is uninstalled. */
  owner?: OwnerReference | undefined
  agent: AgentSettings
  /** How many TraceJobs trace at once; the others wait. */
  maxRunningJobs: number
}

/** The agents' pods, in Kubernetes' own words. */
export interface AgentSettings {
  image: string
  imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never'
  imagePullSecrets: readonly { name: string }[]
  /** Absent: the image's own. */
  command?: readonly string[] | undefined
  serviceAccountName: string
  resources: { requests?: Quantities | undefined; limits?: Quantities | undefined }
  /** Without the CAP_ before them. Everything else is dropped. */
  capabilities: readonly string[]
  /** Absent: RuntimeDefault. */
  seccompProfile?: { type: string; localhostProfile?: string | undefined } | undefined
  priorityClassName?: string | undefined
  /** Besides those of the TraceJob. */
  extraTolerations?: TraceJobSpec['tolerations'] | undefined
  env?: readonly { name: string; value: string }[] | undefined
}

/** By resource: `{ cpu: '500m', memory: '256Mi' }`. */
export type Quantities = Record<string, string | number>

/** What a tracer needs to load and attach programs, to keep its rings in memory, and to see whose process and file it is. */
export const AGENT_CAPABILITIES = ['BPF', 'PERFMON', 'SYS_RESOURCE', 'SYS_PTRACE', 'DAC_READ_SEARCH'] as const
