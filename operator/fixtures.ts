/** Builders for the tests of the pure files: a TraceJob, and what the operator sees of it. The clock stands still at NOON. */
import { API_VERSION } from '../crds/group-version.ts'
import { LABELS } from '../crds/labels.ts'
import type { Ledger } from '../crds/ledger.ts'
import type { FailureReason } from '../crds/reasons.ts'
import { reportName } from '../crds/report-name.ts'
import { type TraceJobSpec, traceJobSpecSchema } from '../crds/trace-job.ts'
import type { TraceReportStatus } from '../crds/trace-report.ts'
import { daemonSetFor } from './daemonset.ts'
import { aPod, RUNNING } from './pod.fake.ts'
import type { AgentPod, LiveTraceJob, LiveTraceReport, PodStatus, Seen } from './seen.ts'
import { AGENT_CAPABILITIES, type Settings } from './settings.ts'
import { secondsAfter, timeText } from './time.ts'

export const NOON = new Date('2026-11-23T12:00:00Z')

/** So many seconds after noon, or before it. */
export const at = (seconds: number): Date => secondsAfter(NOON, seconds)
export const atText = (seconds: number): string => timeText(at(seconds))

export const UID = '5f0c2a1e-0b6d-4a53-9a63-3e1f5f5c7b10'

export const SETTINGS: Settings = {
  namespace: 'tracing',
  instance: 'tracejob',
  agent: {
    image: 'registry.example/tracejob-agent:1.0.0',
    imagePullPolicy: 'IfNotPresent',
    imagePullSecrets: [],
    serviceAccountName: 'tracejob-agent',
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    capabilities: AGENT_CAPABILITIES,
  },
  maxRunningJobs: 10,
}

/** One that traces for a minute, and gives its nodes two to start: made at noon. */
export function aJob(spec: Partial<TraceJobSpec> = {}, rest: Partial<LiveTraceJob> = {}): LiveTraceJob {
  return {
    apiVersion: API_VERSION,
    kind: 'TraceJob',
    metadata: { name: 'who', namespace: 'shop', uid: UID, generation: 1, creationTimestamp: atText(0) },
    spec: traceJobSpecSchema.parse({ durationSeconds: 60, ...spec }),
    ...rest,
  }
}

export const forEver = (job = aJob()): LiveTraceJob => {
  const { durationSeconds: _, ...spec } = job.spec
  return { ...job, spec }
}

/** Something that there is to see. */
export type Sight = (seen: Seen) => Seen

export const seeing = (...sights: Sight[]): Seen =>
  sights.reduce((seen, sight) => sight(seen), { pods: [], reports: [], place: 0 } as Seen)

/** Its DaemonSet, made at noon, of which the controller says on how many nodes it wants an agent; undefined: it has not looked. */
export function aDaemonSet(desired: number | undefined, job = aJob(), seconds = 0): Sight {
  const { metadata, ...rest } = daemonSetFor(job, job.spec, SETTINGS)
  const daemonSet = {
    ...rest,
    metadata: { ...metadata, uid: 'daemonset-1', generation: 1, creationTimestamp: atText(seconds) },
    ...(desired !== undefined && { status: { observedGeneration: 1, desiredNumberScheduled: desired } }),
  }
  return seen => ({ ...seen, daemonSet })
}

/** A report that the operator made a second after noon. */
export function aReport(
  node: string,
  status: Partial<TraceReportStatus> = {},
  rest: { seconds?: number; ownerUid?: string; spec?: Partial<LiveTraceReport['spec']>; job?: string } = {},
): LiveTraceReport {
  const { seconds = 1, ownerUid = UID, spec = {}, job = 'who' } = rest
  const owner = { apiVersion: API_VERSION, kind: 'TraceJob', name: job, uid: ownerUid, controller: true }
  return {
    metadata: {
      name: reportName(job, node),
      namespace: 'shop',
      uid: `report-${node}`,
      labels: { [LABELS.job]: job },
      creationTimestamp: atText(seconds),
      ownerReferences: [owner],
    },
    spec: { nodeName: node, durationSeconds: 60, reportIntervalSeconds: 2, ...spec },
    status: { state: 'Pending', ...status },
  }
}

export const pods = (...more: AgentPod[]): Sight => {
  return seen => ({ ...seen, pods: [...seen.pods, ...more] })
}

export const reports = (...more: LiveTraceReport[]): Sight => {
  return seen => ({ ...seen, reports: [...seen.reports, ...more] })
}

export const inLine = (place: number): Sight => {
  return seen => ({ ...seen, place })
}

/** A node whose agent runs and has said so. */
export function aNode(
  node: string,
  status: Partial<TraceReportStatus> = {},
  pod: PodStatus = RUNNING,
): Sight {
  return seen => reports(aReport(node, status))(pods(aPod(node, pod))(seen))
}

/** It traces since five seconds after noon. */
export const tracing = (node: string, more: Partial<TraceReportStatus> = {}, pod?: PodStatus): Sight =>
  aNode(node, { state: 'Tracing', startTime: atText(5), ledger: aLedger(), ...more }, pod)

/** It has traced from five seconds after noon for a minute. */
export const finished = (node: string, more: Partial<TraceReportStatus> = {}): Sight =>
  aNode(node, { state: 'Completed', startTime: atText(5), endTime: atText(65), ledger: aLedger(), ...more })

export const failing = (node: string, reason: FailureReason, message = 'It does not work.'): Sight =>
  aNode(node, { state: 'Failed', failure: { reason, message } })

/** One that closes: ten opens, none lost. */
export function aLedger(changed: Partial<Ledger> = {}): Ledger {
  return {
    observed: 10,
    filtered: 0,
    lost: 0,
    received: 10,
    logged: 10,
    withheld: 0,
    lostBy: { ringFull: 0, skippedRuns: 0, missedReturns: 0, unmatched: 0, unattributed: 0 },
    uncertain: 0,
    skippedRunsKnown: true,
    ...changed,
  }
}

export function losing(lostBy: Partial<Ledger['lostBy']>): Ledger {
  const none = aLedger()
  const all = { ...none.lostBy, ...lostBy }
  const lost = Object.values(all).reduce((sum, n) => sum + n)
  return { ...none, lostBy: all, lost, observed: none.observed + lost }
}
