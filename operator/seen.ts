/** What the operator sees of one TraceJob and of what belongs to it. Pure. */
import type { TraceJobSpec, TraceJobStatus } from '../crds/trace-job.ts'
import type { TraceReport, TraceReportStatus } from '../crds/trace-report.ts'
import type { KubeObject, ObjectMeta } from '../kube/object.ts'

/** A TraceJob as the API server has it. Another schema may have let its spec and status in: both are read with care. */
export interface LiveTraceJob extends KubeObject {
  metadata: ObjectMeta & { namespace: string; uid: string }
  spec: TraceJobSpec
  status?: TraceJobStatus | undefined
}

/** A TraceReport as `keptReport` leaves it. */
export interface LiveTraceReport extends KubeObject {
  spec: TraceReport['spec']
  status: TraceReportStatus
}

/** A DaemonSet of ours. Its spec is compared and never read. */
export interface DaemonSet extends KubeObject {
  spec: object
  status?: { observedGeneration?: number; desiredNumberScheduled?: number } | undefined
}

/** What we look at of the pod of an agent, as `keptPod` leaves it. */
export interface AgentPod extends KubeObject {
  /** The node it runs on, or is meant for. */
  spec: { nodeName?: string | undefined }
  status?: PodStatus | undefined
}

export interface PodStatus {
  phase?: string | undefined
  reason?: string | undefined
  message?: string | undefined
  conditions?: readonly PodCondition[] | undefined
  containerStatuses?: readonly ContainerStatus[] | undefined
}

export interface PodCondition {
  type: string
  status: string
  reason?: string | undefined
  message?: string | undefined
}

export interface ContainerStatus {
  name: string
  /** How often it was started again. */
  restartCount?: number | undefined
  state?: ContainerState | undefined
  lastState?: ContainerState | undefined
}

export interface ContainerState {
  running?: object | undefined
  waiting?: { reason?: string | undefined; message?: string | undefined } | undefined
  terminated?: Terminated | undefined
}

export interface Terminated {
  exitCode?: number | undefined
  signal?: number | undefined
  reason?: string | undefined
  /** What the container left in its termination message, or else the end of its log. */
  message?: string | undefined
}

export interface Seen {
  daemonSet?: DaemonSet | undefined
  /** Every pod with the uid of the TraceJob in its label. */
  pods: readonly AgentPod[]
  /** Every TraceReport beside the TraceJob with its name in the label, whoever owns it: an old one can be in the way. */
  reports: readonly LiveTraceReport[]
  /** 0: it may run; n: it is the n-th of those that wait. */
  place: number
}
