/** Whose the opens of a cgroup are, by all that is known of it so far. Pure. */
import { HOST, type Told } from '../origins.ts'
import type { PodCgroup } from './cgroup-path.ts'
import type { Pod } from './pod.ts'
import type { Labels } from './selector.ts'
import { type Targeting, wanted, wantsHost } from './targets.ts'

/** For how long something is waited for, in milliseconds from when the cgroup was first heard of. */
export const PATIENCE = {
  /** The cgroup's path: what is not there by now was never seen and is gone. */
  pathMs: 1000,
  /** The name of a container that is wanted by whatever name: a kubelet tells it after a second or two. */
  nameMs: 10_000,
  /** What decides whether an open is foreign: as long as an API server may take to come back. */
  decisionMs: 60_000,
  /** The pod, where everything is wanted and only the pod's name is missing: lines are held back meanwhile. */
  podMs: 10_000,
}

export interface Evidence {
  /** null: of the host; undefined: nobody knows (yet); elsewhere: not of this node. */
  place: PodCgroup | null | undefined | 'elsewhere'
  /** Here and below, absent or undefined: not known (yet). */
  pod?: Pod | undefined
  namespaceLabels?: Labels | undefined
  /** null: none of the pod's containers. */
  container?: string | null | undefined
  ageMs: number
}

/** undefined: it is worth waiting. */
export function judge(targeting: Targeting, evidence: Evidence): Told | undefined {
  const { place, pod, namespaceLabels, container, ageMs } = evidence
  if (place === undefined) return ageMs >= PATIENCE.pathMs ? { verdict: 'untold' } : undefined
  if (place === 'elsewhere') return { verdict: 'unwanted' }
  if (place === null) {
    return wantsHost(targeting) ? { verdict: 'wanted', whose: HOST } : { verdict: 'unwanted' }
  }
  const answer = pod ? wanted(targeting, { pod, namespaceLabels, container }) : 'unknown'
  if (answer === 'unwanted') return { verdict: 'unwanted' }
  if (!pod || answer === 'unknown') {
    const patienceMs = wantsHost(targeting) ? PATIENCE.podMs : PATIENCE.decisionMs
    return ageMs >= patienceMs ? { verdict: 'untold' } : undefined
  }
  if (container === undefined && ageMs < PATIENCE.nameMs) return undefined
  const whose = { namespace: pod.namespace, pod: pod.name }
  return { verdict: 'wanted', whose: container ? { ...whose, container } : whose }
}

/** The same in the end: whatever came later differs in nothing that can be seen. */
export function isSame(a: Told, b: Told): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
