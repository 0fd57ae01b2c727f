/** Standard output as the log of events: never waits for its reader, and says when it has no room. */
import { writeSync } from 'node:fs'

/** What may wait for a reader that is slow. */
const WAITING_BYTES = 1 << 20
const RETRY_MS = 10

/**
 * A log that nobody reads must not keep us from seeing that the trace is to end. So what the pipe does not take
 * waits here; when that is much, `hasRoom` says so and events are withheld, which is counted, not lost.
 */
export class EventLog implements Disposable {
  readonly #fd: number
  readonly #failed: (error: Error) => void
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  /**
   * @param fd written to without blocking where it is a pipe.
   * @param failed nothing more can be written; called once, and what comes later is dropped.
   */
  constructor(fd: number, failed: (error: Error) => void) {
    this.#fd = fd
    this.#failed = failed
  }

  readonly hasRoom = (): boolean => this.#waitingBytes < WAITING_BYTES && !this.#isClosed

  /** Takes all of it; the caller may reuse the bytes. */
  readonly write = (chunk: Uint8Array): void => {
    if (this.#isClosed) return
    const written = this.#waiting.length === 0 ? this.#tryTo(chunk) : 0
    if (written === chunk.length || this.#isClosed) return
    this.#waiting.push(new Uint8Array(chunk.subarray(written)))
    this.#waitingBytes += chunk.length - written
    this.#timer ??= setTimeout(this.#goOn, RETRY_MS)
  }

  /** Resolves when all is written, or nothing more can be, or so much time has passed. */
  async drained(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds
    while (this.#waiting.length > 0 && performance.now() < until) {
      await new Promise(resolve => setTimeout(resolve, RETRY_MS))
    }
  }

  readonly #goOn = (): void => {
    this.#timer = undefined
    for (let chunk = this.#waiting[0]; chunk; chunk = this.#waiting[0]) {
      const written = this.#tryTo(chunk)
      if (this.#isClosed) return
      this.#waitingBytes -= written
      if (written < chunk.length) {
        this.#waiting[0] = chunk.subarray(written)
        this.#timer = setTimeout(this.#goOn, RETRY_MS)
        return
      }
      this.#waiting.shift()
    }
  }

  /** How many bytes were taken. */
  #tryTo(chunk: Uint8Array): number {
    let written = 0
    try {
      while (written < chunk.length) written += writeSync(this.#fd, chunk, written)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') this.#close(error as Error)
    }
    return written
  }

  #close(error: Error): void {
    this.#isClosed = true
    this.#waiting = []
    this.#waitingBytes = 0
    this.#failed(error)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}
