/** What kubelet asks: is the operator alive, and is it ready? Pure. */
import type { Answer, Routes } from './serve.ts'

/** What of the operator has to be known. */
export interface Vitals {
  /** The caches that have not been filled yet, by the plural of their resource. */
  unsynced(): readonly string[]
}

/**
 * `/healthz`: this process answers, so its loop turns. It asks nothing of the API server: to restart every operator because the
 * API server is away would only make its return harder. What can't go on ends the process by itself.
 * `/readyz`: the caches are filled. Standbys are ready too; who leads is the Lease's matter.
 */
export function healthRoutes(vitals: Vitals): Routes {
  return {
    '/healthz': () => ({ status: 200, body: 'ok\n' }),
    '/readyz': () => readiness(vitals.unsynced()),
  }
}

function readiness(unsynced: readonly string[]): Answer {
  if (unsynced.length === 0) return { status: 200, body: 'ok\n' }
  return { status: 503, body: `not filled yet: the cache of ${unsynced.join(', ')}\n` }
}
