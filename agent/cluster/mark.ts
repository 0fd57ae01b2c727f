/** A file whose time says until when our report was right: the next agent learns from it for how long nothing was traced. */
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'

export class Mark {
  readonly #directory: string
  readonly #log: Logger

  constructor(cacheDir: string, log: Logger) {
    this.#directory = join(cacheDir, 'reported')
    this.#log = log
  }

  /** In milliseconds since the epoch, by this node's clock; undefined if there is none. */
  read(uid: string): number | undefined {
    return statSync(this.#path(uid), { throwIfNoEntry: false })?.mtimeMs
  }

  /** Without it the next agent goes by the API server's word, which is older: so a failure is no more than told. */
  set(uid: string, wallMs: number): void {
    const path = this.#path(uid)
    const seconds = wallMs / 1000
    try {
      if (!statSync(path, { throwIfNoEntry: false })) {
        mkdirSync(this.#directory, { recursive: true })
        writeFileSync(path, '')
      }
      utimesSync(path, seconds, seconds)
    } catch (error) {
      this.#log.debug({ err: error }, 'the mark could not be set')
    }
  }

  #path(uid: string): string {
    return join(this.#directory, encodeURIComponent(uid))
  }
}
