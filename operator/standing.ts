/** Where a TraceJob's nodes stand, all of them. Pure. */
import type { TraceJobSpec } from '../crds/trace-job.ts'
import { type Deadlines, deadlinesOf } from './deadlines.ts'
import { type NodeState, type NodeView, nodeState } from './node-states.ts'
import { isOwn } from './own-reports.ts'
import type { AgentPod, DaemonSet, LiveTraceJob, LiveTraceReport, Seen } from './seen.ts'

export interface Standing {
  /** By name. */
  nodes: readonly NodeState[]
  /** Nodes that shall have an agent and have none, so that nobody knows which they are. */
  unnamed: number
  /** Whether the DaemonSet controller has said on how many nodes it wants an agent. */
  isCounted: boolean
  /** Whether it has a duration, and so an end. */
  isBounded: boolean
  /** Whether any node has traced. */
  hasBegun: boolean
  /** Absent: it has not had its turn yet. */
  deadlines?: Deadlines | undefined
  /** Those of this TraceJob. */
  reports: readonly Pick<LiveTraceReport, 'spec' | 'status'>[]
  daemonSet?: DaemonSet | undefined
}

export function standingOf(job: LiveTraceJob, spec: TraceJobSpec, seen: Seen, now: Date): Standing {
  const { daemonSet, pods } = seen
  const reports = seen.reports.filter(report => isOwn(report, job))
  const deadlines = deadlinesOf(job, spec, daemonSet, reports)
  const wanted = wantedAgents(daemonSet)
  const views = viewsOf(reports, pods, wanted)
  const nodes = deadlines ? views.map(view => nodeState(view, spec, deadlines, now)) : []
  const unnamed = Math.max(0, (wanted ?? 0) - nodes.length)
  return {
    nodes,
    unnamed,
    isCounted: wanted !== undefined,
    isBounded: spec.durationSeconds !== undefined,
    hasBegun:
      job.status?.startTime !== undefined || reports.some(({ status }) => status.startTime !== undefined),
    deadlines,
    reports,
    daemonSet,
  }
}

/** On how many nodes the DaemonSet controller wants an agent; undefined until it has looked at the DaemonSet as it is now. */
function wantedAgents(daemonSet: DaemonSet | undefined): number | undefined {
  const { observedGeneration = 0, desiredNumberScheduled } = daemonSet?.status ?? {}
  const hasLooked = daemonSet !== undefined && observedGeneration >= (daemonSet.metadata.generation ?? 1)
  return hasLooked ? desiredNumberScheduled : undefined
}

function viewsOf(
  reports: readonly LiveTraceReport[],
  pods: readonly AgentPod[],
  wanted: number | undefined,
): NodeView[] {
  const reportOf = new Map(reports.map(report => [report.spec.nodeName, report]))
  const podOf = podsByNode(pods)
  const names = [...new Set([...reportOf.keys(), ...podOf.keys()])].sort()
  // As long as more agents are wanted than there are, one may be on its way to any node without.
  const staying = [...podOf.values()].filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  const isFull = wanted !== undefined && staying.length >= wanted
  return names.map(node => {
    const pod = podOf.get(node)
    return { node, report: reportOf.get(node), pod, isUnwanted: isFull && !pod }
  })
}

/** Of each node the pod that counts: not one on its way out if there is another, and the newest. */
export function podsByNode(pods: readonly AgentPod[]): Map<string, AgentPod> {
  const found = new Map<string, AgentPod>()
  for (const pod of pods) {
    const node = pod.spec.nodeName
    if (!node) continue
    const other = found.get(node)
    if (!other || isRather(pod, other)) found.set(node, pod)
  }
  return found
}

function isRather({ metadata: a }: AgentPod, { metadata: b }: AgentPod): boolean {
  const [aGoes, bGoes] = [a.deletionTimestamp !== undefined, b.deletionTimestamp !== undefined]
  if (aGoes !== bGoes) return bGoes
  return (a.creationTimestamp ?? '') > (b.creationTimestamp ?? '')
}
