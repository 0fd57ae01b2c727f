import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export const projectRoot = resolve(import.meta.dirname, '../..')

/** The kernels fetched; safe to delete at any time. */
export const matrixCache = join(homedir(), '.cache/tracejob/matrix')

/** Where the project lies in a guest. */
export const guestProject = '/app'

/** Where a guest finds the BPF objects compiled on the host: there is no clang inside. */
export const guestObjects = '/root/.cache/tracejob/objects'
