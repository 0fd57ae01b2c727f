/** The bytes of a watch as events. Pure. */
import { isObject } from './answer.ts'
import { type Request, UnreadableAnswer } from './errors.ts'
import { Lines } from './lines.ts'
import type { WatchEvent } from './object.ts'

/** An object is at most 3 MiB when it is written, and no more than a few times that in JSON. */
const LONGEST_EVENT = 32 * 1024 * 1024

/**
 * The events, as they come. Throws UnreadableAnswer at what is none, and at an end in the middle of one; all that came
 * before has been told.
 */
export async function* watchEvents<T>(
  request: Request,
  chunks: AsyncIterable<Uint8Array>,
  longest = LONGEST_EVENT,
): AsyncGenerator<WatchEvent<T>> {
  const lines = new Lines(longest)
  try {
    for await (const chunk of chunks) {
      for (const line of lines.push(chunk)) if (line.trim() !== '') yield eventOf<T>(line)
    }
    if (lines.restBytes > 0) throw new SyntaxError('the stream ends in the middle of one')
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error
    throw new UnreadableAnswer(request, `an event can't be read: ${error.message}`, error)
  }
}

function eventOf<T>(line: string): WatchEvent<T> {
  const event: unknown = JSON.parse(line)
  if (!isObject(event) || !('type' in event) || !('object' in event)) throw new SyntaxError('it has no type')
  if (typeof event.type !== 'string' || !isObject(event.object)) throw new SyntaxError('it has no object')
  return event as WatchEvent<T>
}
