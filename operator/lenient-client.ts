import type { Logger } from 'pino'
import type { Client } from '../kube/client.ts'
import { ApiError } from '../kube/errors.ts'
import type { ObjectList } from '../kube/object.ts'

type Reader = Pick<Client, 'list' | 'watch'>

/** A watch from here on tells first of all that there is. */
const FROM_THE_BEGINNING = '0'

/**
 * To whoever watches several namespaces, one that forbids it is empty, until it does not forbid it any more. Whoever rules a
 * namespace can take its RoleBinding away, or delete it; the others are not to wait for it. Nothing is done to what is missed
 * so: whether a TraceJob is gone is asked of the API server, and "forbidden" is no yes.
 */
export function lenient(client: Reader, log: Logger): Reader {
  return {
    watch: (...words) => client.watch(...words),
    async list<T>(...[resource, query, options]: Parameters<Reader['list']>): Promise<ObjectList<T>> {
      try {
        return await client.list<T>(resource, query, options)
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 403) throw error
        log.warn({ err: error }, 'a namespace is not looked at, for it forbids it')
        return { metadata: { resourceVersion: FROM_THE_BEGINNING }, items: [] }
      }
    },
  }
}
