import type { Client } from './client.ts'
import { isGone, UnreadableAnswer } from './errors.ts'
import type { ListQuery } from './query.ts'
import type { Place, Resource } from './resource.ts'

/** With pages, in all; then without. */
const PAGED_ATTEMPTS = 2

/** Whoever is told the pages of a list. */
export interface Reader {
  /** What was told so far does not count: the list begins. */
  begin(): void
  page(items: unknown[]): void
}

/**
 * Reads a list page by page; returns its resourceVersion. The pages are of one moment, which the API server remembers for
 * minutes only: then it says 410, and the list begins again, in the end as one answer that can't be overtaken.
 * @param query its `limit` is the size of a page.
 */
export async function readList(
  client: Pick<Client, 'list'>,
  resource: Resource,
  { resourceVersion, limit, ...selection }: ListQuery & Pick<Place, 'namespace'>,
  reader: Reader,
  signal: AbortSignal,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const size = attempt <= PAGED_ATTEMPTS ? limit : undefined
    let next: string | undefined
    try {
      reader.begin()
      for (;;) {
        // A token stands for a resourceVersion, and the API server refuses both together.
        const from = next ? { continue: next } : { resourceVersion }
        const { metadata, items } = await client.list(
          resource,
          { ...selection, ...from, limit: size },
          { signal },
        )
        reader.page(items)
        if (!metadata.continue) return versionOf(metadata.resourceVersion, resource)
        if (metadata.continue === next) throw unreadable(resource, 'a page leads to itself')
        next = metadata.continue
      }
    } catch (error) {
      if (!next || !isGone(error)) throw error
    }
  }
}

function versionOf(resourceVersion: unknown, resource: Resource): string {
  if (typeof resourceVersion === 'string' && resourceVersion !== '') return resourceVersion
  throw unreadable(resource, 'the list has no resourceVersion')
}

function unreadable({ plural }: Resource, why: string): UnreadableAnswer {
  return new UnreadableAnswer({ verb: 'list', resource: plural }, why)
}
