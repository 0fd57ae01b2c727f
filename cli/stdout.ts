import { writeSync } from 'node:fs'
import { ownStdout } from '../agent/own-stdout.ts'
import { sleep } from './sleep.ts'

/** How long a reader may leave us standing before signals get through without us. */
const STUCK_MS = 500

export interface StdoutEvents {
  /**
   * Nothing more can be written: the reader went away (`| head`), or `failure` says why. Called once;
   * what is written later is dropped.
   */
  closed(failure?: Error): void
  /** The reader has taken nothing for a while; signals can't reach JavaScript until it does. */
  stuck(): void
  /** It reads again. */
  flowing(): void
}

/** Standard output, written at once and whole: the caller may reuse the bytes when `write` returns. */
export class Stdout {
  private readonly fd: number
  private readonly events: StdoutEvents
  private isClosed = false

  constructor(events: StdoutEvents) {
    this.events = events
    this.fd = ownStdout()
  }

  write(chunk: Uint8Array): void {
    let written = 0
    let waitedMs = 0
    while (written < chunk.length && !this.isClosed) {
      try {
        written += writeSync(this.fd, chunk, written)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EAGAIN') waitedMs = this.wait(waitedMs)
        // EIO is a terminal that hung up.
        else this.close(code === 'EPIPE' || code === 'EIO' ? undefined : (error as Error))
      }
    }
    if (waitedMs >= STUCK_MS) this.events.flowing()
  }

  /** Sleeps a little longer each time, up to 8 ms; returns how long we have waited in all. */
  private wait(waitedMs: number): number {
    const pauseMs = Math.min(8, 1 + waitedMs / 4)
    sleep(pauseMs)
    if (waitedMs < STUCK_MS && waitedMs + pauseMs >= STUCK_MS) this.events.stuck()
    return waitedMs + pauseMs
  }

  private close(failure?: Error): void {
    this.isClosed = true
    this.events.closed(failure)
  }
}
