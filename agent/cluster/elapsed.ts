/** How long ago something was, by two clocks of which each may have been set meanwhile. Pure. */

/** What the clocks say, in milliseconds since the epoch. */
export interface Clocks {
  /** This node's, which our own reports are dated by. */
  nodeMs: number
  /** The API server's, which objects are dated by. */
  serverMs: number
}

/** When what happened to a report, in milliseconds since the epoch. */
export interface Dates {
  /** By the API server's clock: the report was made. */
  createdMs?: number | undefined
  /** By the API server's clock: its status was last written. */
  writtenMs?: number | undefined
  /** By this node's clock: it was last known that nothing had to be added. */
  confirmedMs?: number | undefined
}

/** Both clocks tell whole seconds, and an answer is some time on its way. */
const SLACK_SECONDS = 2

/**
 * Seconds since the first attach, which this node's clock dated. The report is older than that and the last
 * write to it younger, so that a clock that jumped can't make it more or less than the API server knows.
 */
export function secondsSinceAttach(startMs: number, dates: Dates, clocks: Clocks): number {
  const { atLeast, atMost } = known(dates, clocks)
  return Math.min(Math.max((clocks.nodeMs - startMs) / 1000, atLeast), Math.max(atLeast, atMost))
}

/**
 * Seconds for which nothing was traced, at most.
 * @param endMs when the probes were gone, if the agent before lived to say so.
 */
export function secondsUntraced(endMs: number | undefined, dates: Dates, clocks: Clocks): number {
  const since = (ms: number | undefined) => (ms === undefined ? Infinity : (clocks.nodeMs - ms) / 1000)
  const sinceWritten =
    dates.writtenMs === undefined ? Infinity : (clocks.serverMs - dates.writtenMs) / 1000 + SLACK_SECONDS
  const seconds = endMs === undefined ? Math.min(since(dates.confirmedMs), sinceWritten) : since(endMs)
  const { atMost } = known(dates, clocks)
  return Math.max(0, Math.min(seconds, sinceWritten, atMost))
}

function known({ createdMs, writtenMs }: Dates, { serverMs }: Clocks): { atLeast: number; atMost: number } {
  const age = (ms: number) => (serverMs - ms) / 1000
  return {
    atLeast: writtenMs === undefined ? 0 : Math.max(0, age(writtenMs) - SLACK_SECONDS),
    atMost: createdMs === undefined ? Infinity : Math.max(0, age(createdMs) + SLACK_SECONDS),
  }
}
