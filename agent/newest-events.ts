/** The newest events as a report has them: read back from their own JSON lines. Pure. */
import type { OpenEvent } from '../crds/event.ts'
import type { WallClock } from './clock.ts'
import { escapeText } from './escape.ts'
import type { EventJson } from './event-json.ts'
import type { Newest } from './newest.ts'

const LONGEST_LINE = 1 << 16

export function newestEvents(from: { newest: Newest; json: EventJson; clock: WallClock }): OpenEvent[] {
  const events: OpenEvent[] = []
  const line = new Uint8Array(LONGEST_LINE)
  from.newest.forEach((v, p, origin) => {
    from.clock.set(v.u32[p >> 2]!, v.u32[(p >> 2) + 1]!)
    const end = from.json.write(line, 0, v, p, from.clock, origin)
    events.push(shown(JSON.parse(Buffer.from(line.buffer, 0, end).toString('utf8'))))
  })
  return events
}

/** A report is printed by tools that escape nothing; the bytes themselves are in `pathBase64`. */
function shown(event: OpenEvent): OpenEvent {
  const { path, resolvedPath, comm } = event
  return {
    ...event,
    comm: escapeText(comm),
    path: path === null ? null : escapeText(path),
    ...(resolvedPath !== undefined && { resolvedPath: escapeText(resolvedPath) }),
  }
}
