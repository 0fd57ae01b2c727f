/** Who wrote while the Lease was another's, by the API server's own account. Pure. */
import type { Audited } from './audit.ts'

const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection']

export interface Trespass {
  user: string
  what: string
  at: string
  /** Who had the Lease. */
  holder: string
}

/**
 * Writes that were done (a refused one is none) after the Lease had been taken by somebody else.
 * @param requests of all who want to lead, and of nobody else
 */
export function trespasses(requests: readonly Audited[]): Trespass[] {
  const done = requests.filter(
    ({ verb, responseStatus }) => WRITES.includes(verb) && isSuccess(responseStatus),
  )
  const leases = done
    .filter(({ objectRef }) => objectRef?.resource === 'leases')
    .sort((a, b) => (a.stageTimestamp < b.stageTimestamp ? -1 : 1))
  return done.flatMap(({ verb, user: { username }, objectRef, requestReceivedTimestamp: at }) => {
    if (objectRef?.resource === 'leases') return []
    const holder = leases.findLast(({ stageTimestamp }) => stageTimestamp <= at)?.user.username
    const what = [verb, objectRef?.resource, objectRef?.subresource, objectRef?.name]
      .filter(Boolean)
      .join(' ')
    return holder === undefined || holder === username ? [] : [{ user: username, what, at, holder }]
  })
}

function isSuccess(status: Audited['responseStatus']): boolean {
  return status !== undefined && status.code >= 200 && status.code < 300
}
