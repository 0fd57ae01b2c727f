import { join } from 'node:path'

export interface Config {
  /** Whether colours are unwanted (https://no-color.org). */
  noColour: boolean
  /** Where compiled programs are kept. */
  cacheDir: string
}

/** What the environment says. No schema: any text will do for each, and one absent has a default. */
export function readConfig(env: Record<string, string | undefined>, uid: number): Config {
  return {
    noColour: Boolean(env.NO_COLOR) || env.TERM === 'dumb',
    cacheDir: env.TRACEJOB_CACHE_DIR || defaultCacheDir(env, uid),
  }
}

// Under sudo, HOME can still be the caller's. What root loads into the kernel must not lie where others write.
function defaultCacheDir(env: Record<string, string | undefined>, uid: number): string {
  if (uid === 0) return '/var/cache/tracejob'
  if (env.XDG_CACHE_HOME?.startsWith('/')) return join(env.XDG_CACHE_HOME, 'tracejob')
  return join(env.HOME || '/nonexistent', '.cache', 'tracejob')
}
