/** From which state the API server is to list. Pure. */
import { ApiError, isGone } from './errors.ts'

/**
 * From the newest, which is always right. Or from the API server's memory: at first in any state, then in none that is older
 * than what we had, since another API server may be behind the one before; unless it has to say that it can't.
 */
export class ListOrigin {
  readonly #isCache: boolean
  #isCacheBehind = false

  constructor(isCache: boolean) {
    this.#isCache = isCache
  }

  /**
   * The resourceVersion to ask for; undefined is the newest.
   * @param resourceVersion of what we have, if we have anything.
   */
  after(resourceVersion: string | undefined): string | undefined {
    if (!this.#isCache || this.#isCacheBehind) return undefined
    return resourceVersion ?? '0'
  }

  succeeded(): void {
    this.#isCacheBehind = false
  }

  failed(error: unknown): void {
    this.#isCacheBehind = isGone(error) || isTooNew(error)
  }
}

/** What we had is newer than its memory, as after a restore of etcd. */
function isTooNew(error: unknown): boolean {
  const causes = error instanceof ApiError ? error.details?.causes : undefined
  return causes?.some(({ reason }) => reason === 'ResourceVersionTooLarge') ?? false
}
