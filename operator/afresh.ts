import { LABELS } from '../crds/labels.ts'
import { TRACE_JOBS, TRACE_REPORTS } from '../crds/resources.ts'
import type { Client } from '../kube/client.ts'
import { isNotFound } from '../kube/errors.ts'
import { readList } from '../kube/lister.ts'
import type { KubeObject } from '../kube/object.ts'
import { DAEMON_SETS, PODS, type Resource } from '../kube/resource.ts'
import { keptPod } from './kept-pod.ts'
import { keptReport } from './kept-report.ts'
import { daemonSetName } from './names.ts'
import type { DaemonSet, LiveTraceJob, LiveTraceReport, Seen } from './seen.ts'

const PAGE_SIZE = 500

/** What belongs to a TraceJob, by the API server's own word and not a cache's; undefined when the TraceJob is gone. */
export type Afresh = (job: LiveTraceJob) => Promise<Omit<Seen, 'place'> | undefined>

/** @param ownNamespace the operator's */
export function afresh(
  client: Pick<Client, 'get' | 'list'>,
  ownNamespace: string,
  signal: AbortSignal,
): Afresh {
  const get = async <T>(resource: Resource, namespace: string, name: string) => {
    try {
      return await client.get<T>(resource, { namespace, name }, { signal })
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }
  const list = async <T extends KubeObject>(
    resource: Resource,
    namespace: string,
    labelSelector: string,
    keep: (object: T) => T,
  ) => {
    const found: T[] = []
    const reader = {
      begin: () => found.splice(0),
      page: (items: unknown[]) => found.push(...items.map(item => keep(item as T))),
    }
    await readList(client, resource, { namespace, labelSelector, limit: PAGE_SIZE }, reader, signal)
    return found
  }
  return async ({ metadata: { namespace, name, uid } }) => {
    const job = await get<LiveTraceJob>(TRACE_JOBS, namespace, name)
    if (job?.metadata.uid !== uid) return undefined
    const [daemonSet, pods, reports] = await Promise.all([
      get<DaemonSet>(DAEMON_SETS, ownNamespace, daemonSetName(name, uid)),
      list(PODS, ownNamespace, `${LABELS.jobUid}=${uid}`, keptPod),
      list<LiveTraceReport>(TRACE_REPORTS, namespace, `${LABELS.job}=${name}`, keptReport),
    ])
    return { daemonSet, pods, reports }
  }
}
