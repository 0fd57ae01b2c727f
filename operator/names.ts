/** The names of a TraceJob's DaemonSet and of the container in its pods. Pure. */
import { fnv1a } from '../crds/fnv1a.ts'

export const AGENT_CONTAINER = 'agent'

/** A pod is named after its DaemonSet with six characters more, and its host name is cut after 63. */
const LONGEST = 57
const HASH_LENGTH = 10

/** The same for the same TraceJob always, so that it is never created twice; its uid tells apart what has one name. */
export function daemonSetName(job: string, uid: string): string {
  const hash = fnv1a(uid).slice(0, HASH_LENGTH)
  return `${job.slice(0, LONGEST - hash.length - 1).replace(/-+$/, '')}-${hash}`
}
