/** Where what is built is kept; all of it can be deleted at any time. */
import { homedir } from 'node:os'
import { join } from 'node:path'

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tracejob')

/** The finished programs. */
export const BINARY_CACHE = join(cache, 'cluster')

/** Go itself, its modules and what it has compiled, where there was no Go on this machine that is new enough. */
export const GO_CACHE = join(cache, 'go')
