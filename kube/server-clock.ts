/** The API server's time, from the Date headers of its answers. Pure: this machine's times are arguments. */

/** How much faster or slower than the server's our clock may run: generous for a virtual machine. */
const DRIFT = 0.0005

/** A Date header says the second and no more. */
const RESOLUTION_MS = 1000

/** The server's time less our monotonic time, in milliseconds, at some moment of ours. */
interface Offset {
  lowest: number
  highest: number
  at: number
}

/**
 * Each answer bounds the difference of the two clocks: its Date was the server's time somewhere between request and answer.
 * What agrees with the answers before is narrowed by them, below a second soon; what contradicts them replaces them: the
 * clock was set, or another server answers.
 */
export class ServerClock {
  #offset: Offset | undefined

  /**
   * @param date the Date header.
   * @param sentMs monotonic, as are all but the header.
   */
  heard(date: string, sentMs: number, receivedMs: number): void {
    const server = Date.parse(date)
    if (Number.isNaN(server)) return
    const lowest = server - receivedMs
    const highest = server + RESOLUTION_MS - sentMs
    const known = this.#offsetAt(receivedMs)
    const both = known && {
      lowest: Math.max(lowest, known.lowest),
      highest: Math.min(highest, known.highest),
    }
    this.#offset = { ...(both && both.lowest <= both.highest ? both : { lowest, highest }), at: receivedMs }
  }

  /** Milliseconds since the epoch; undefined before the first answer. */
  now(nowMs: number): number | undefined {
    const offset = this.#offset
    return offset && nowMs + (offset.lowest + offset.highest) / 2
  }

  /** What is known grows vaguer with time. */
  #offsetAt(nowMs: number): Omit<Offset, 'at'> | undefined {
    const offset = this.#offset
    if (!offset) return undefined
    const drift = (nowMs - offset.at) * DRIFT
    return { lowest: offset.lowest - drift, highest: offset.highest + drift }
  }
}
