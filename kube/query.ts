/** What is asked of a list or a watch, as the query of its URL. Pure. */

export interface Selection {
  labelSelector?: string | undefined
  fieldSelector?: string | undefined
}

export interface ListQuery extends Selection {
  /** Objects a page; absent: all of them at once. */
  limit?: number | undefined
  /** From the page before. */
  continue?: string | undefined
  /** Absent: the newest; "0": whatever the API server has in memory. */
  resourceVersion?: string | undefined
  resourceVersionMatch?: 'Exact' | 'NotOlderThan' | undefined
}

export interface WatchQuery extends Selection {
  /** Where to go on from; absent: with what is there now, each told as ADDED. */
  resourceVersion?: string | undefined
  timeoutSeconds: number
  allowWatchBookmarks: boolean
}

/** Begins with "?", or is empty; what is undefined is left out. */
export function queryOf(parameters: Record<string, string | number | boolean | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  return query.size > 0 ? `?${query}` : ''
}
