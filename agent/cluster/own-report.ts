/** Our own TraceReport, out of what the API server says. Pure. */
import { DEFAULTS } from '../../crds/defaults.ts'
import { LIMITS } from '../../crds/limits.ts'
import type { KubeObject } from '../../kube/object.ts'

/** The name under which we write, by which our own writes are known. */
export const FIELD_MANAGER = 'tracejob-agent'

/** A TraceReport as it comes: nothing below `metadata` is checked. */
export interface ReportObject extends KubeObject {
  spec?: unknown
  status?: unknown
}

export type ManagedFields = { manager?: string; subresource?: string; time?: string }[]

export interface OwnReport {
  uid: string
  name: string
  namespace: string
  /** How long to trace, from the first attach; 0: no more; undefined: until stopped. */
  durationSeconds?: number
  reportIntervalSeconds: number
  /** As it stands there. */
  status: unknown
  /** By the API server's clock, in milliseconds since the epoch. */
  createdMs?: number
  /** What it was read from. */
  object: ReportObject
}

/** The report if it is that of the job with this uid, and is there to stay. */
export function ownReport(object: ReportObject | undefined, jobUid: string): OwnReport | undefined {
  if (!object) return undefined
  const { uid, name, namespace, ownerReferences, deletionTimestamp } = object.metadata
  const isOurs = ownerReferences?.some(owner => owner.kind === 'TraceJob' && owner.uid === jobUid)
  if (!isOurs || !uid || !namespace || deletionTimestamp) return undefined
  const spec = (object.spec ?? {}) as Record<string, unknown>
  const createdMs = milliseconds(object.metadata.creationTimestamp)
  const durationSeconds = seconds(spec.durationSeconds, 0, LIMITS.seconds)
  return {
    uid,
    name,
    namespace,
    ...(durationSeconds !== undefined && { durationSeconds }),
    reportIntervalSeconds:
      seconds(spec.reportIntervalSeconds, 1, LIMITS.reportIntervalSeconds) ?? DEFAULTS.reportIntervalSeconds,
    status: object.status,
    ...(createdMs !== undefined && { createdMs }),
    object,
  }
}

/** The API server checks the bounds; an older or newer one may have others. */
function seconds(value: unknown, least: number, most: number): number | undefined {
  return Number.isFinite(value) ? Math.min(Math.max(value as number, least), most) : undefined
}

/** When its status was last written, by the API server's clock, in milliseconds since the epoch. */
export function lastWrite(managedFields: ManagedFields | undefined): number | undefined {
  const ours = managedFields?.find(
    ({ manager, subresource }) => manager === FIELD_MANAGER && subresource === 'status',
  )
  return milliseconds(ours?.time)
}

function milliseconds(time: string | undefined): number | undefined {
  const at = Date.parse(time ?? '')
  return Number.isNaN(at) ? undefined : at
}
