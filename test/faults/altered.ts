/** The bytes of an answer with a fault in them. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault.ts'

/** What becomes of the connection after them. */
export type Ending = 'end' | 'reset' | 'stall'

const ENDINGS = { breakOff: 'reset', truncate: 'end', stall: 'stall' } as const

export async function* altered(
  chunks: AsyncIterable<Buffer>,
  fault: Fault | undefined,
): AsyncGenerator<Buffer, Ending> {
  if (fault?.does === 'trickle') {
    for await (const chunk of chunks) yield* trickled(chunk, fault.bytes, fault.everyMs)
    return 'end'
  }
  let left = fault && 'afterBytes' in fault ? fault.afterBytes : Infinity
  for await (const chunk of chunks) {
    if (chunk.length >= left) {
      if (left > 0) yield chunk.subarray(0, left)
      break
    }
    left -= chunk.length
    yield chunk
  }
  return fault && fault.does in ENDINGS ? ENDINGS[fault.does as keyof typeof ENDINGS] : 'end'
}

async function* trickled(chunk: Buffer, bytes: number, everyMs: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < chunk.length; at += bytes) {
    yield chunk.subarray(at, at + bytes)
    await sleep(everyMs)
  }
}
