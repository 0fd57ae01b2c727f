/**
 * What to do about a Lease, by client-go's rules. Pure: the times are arguments. The times in a Lease are by
 * other machines' clocks and are never compared with ours: a Lease has run out when we have seen it unchanged for
 * as long as it lasts.
 */
import { microTime } from './micro-time.ts'
import type { KubeObject } from './object.ts'
import { apiVersionOf, LEASES } from './resource.ts'

export interface Lease extends KubeObject {
  spec?: LeaseSpec
}

export interface LeaseSpec {
  /** Absent or empty: nobody holds it. */
  holderIdentity?: string
  leaseDurationSeconds?: number
  acquireTime?: string
  renewTime?: string
  /** How often it went from one holder to another. */
  leaseTransitions?: number
}

/** A Lease, and since when we have seen it just so, in milliseconds of our monotonic clock. */
export interface Observation {
  lease: Lease
  sinceMs: number
}

export interface Candidate {
  namespace: string
  name: string
  identity: string
  leaseSeconds: number
}

export type Step =
  | { do: 'create'; lease: Lease }
  | { do: 'replace'; lease: Lease }
  | { do: 'wait'; untilMs: number }

/** Only what the holder writes counts as a sign of life: not another's edit of, say, a label. */
export function observed(before: Observation | undefined, lease: Lease, nowMs: number): Observation {
  const isSame = before !== undefined && signOfLife(before.lease) === signOfLife(lease)
  return { lease, sinceMs: isSame ? before.sinceMs : nowMs }
}

function signOfLife({ metadata, spec }: Lease): string {
  return JSON.stringify([metadata.uid, spec])
}

export function isFree({ spec }: Lease): boolean {
  return !spec?.holderIdentity
}

/** How one who does not lead gets there. `seen` is undefined if there is no Lease. */
export function stepTowards(
  candidate: Candidate,
  seen: Observation | undefined,
  nowMs: number,
  now: Date,
): Step {
  if (!seen) return { do: 'create', lease: madeBy(candidate, now) }
  // Our own, from before a restart or of a request whose answer was lost: we go on.
  if (seen.lease.spec?.holderIdentity === candidate.identity)
    return { do: 'replace', lease: renewed(seen.lease, candidate, now) }
  const untilMs = expiryMs(seen, candidate)
  if (!isFree(seen.lease) && nowMs < untilMs) return { do: 'wait', untilMs }
  return { do: 'replace', lease: takenBy(candidate, seen.lease, now) }
}

/** When it runs out, if nothing is heard of its holder until then. */
export function expiryMs({ lease, sinceMs }: Observation, { leaseSeconds }: Candidate): number {
  return sinceMs + (lease.spec?.leaseDurationSeconds ?? leaseSeconds) * 1000
}

/** Whether the holder of `held` still holds it, and nobody has in between. */
export function isStillHeld(held: Lease, lease: Lease): boolean {
  return (
    lease.metadata.uid === held.metadata.uid &&
    lease.spec?.holderIdentity === held.spec?.holderIdentity &&
    lease.spec?.leaseTransitions === held.spec?.leaseTransitions
  )
}

function madeBy(candidate: Candidate, now: Date): Lease {
  const { namespace, name } = candidate
  return {
    apiVersion: apiVersionOf(LEASES),
    kind: LEASES.kind,
    metadata: { name, namespace },
    spec: { ...terms(candidate, now), acquireTime: microTime(now), leaseTransitions: 0 },
  }
}

function takenBy(candidate: Candidate, lease: Lease, now: Date): Lease {
  const leaseTransitions = (lease.spec?.leaseTransitions ?? 0) + 1
  return { ...lease, spec: { ...terms(candidate, now), acquireTime: microTime(now), leaseTransitions } }
}

export function renewed(lease: Lease, candidate: Candidate, now: Date): Lease {
  const { acquireTime = microTime(now), leaseTransitions = 0 } = lease.spec ?? {}
  return { ...lease, spec: { ...terms(candidate, now), acquireTime, leaseTransitions } }
}

/** Free for whoever comes first; the API server wants a duration above 0. */
export function released(lease: Lease, now: Date): Lease {
  const { leaseTransitions = 0 } = lease.spec ?? {}
  const time = microTime(now)
  const spec = { holderIdentity: '', leaseDurationSeconds: 1, acquireTime: time, renewTime: time }
  return { ...lease, spec: { ...spec, leaseTransitions } }
}

function terms({ identity, leaseSeconds }: Candidate, now: Date) {
  return { holderIdentity: identity, leaseDurationSeconds: leaseSeconds, renewTime: microTime(now) }
}
