import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anEvent, aRecord, hostileBytes, LAYOUT, type RawEvent } from './event.arbitrary.ts'
import { Newest } from './newest.ts'

function note(newest: Newest, event: RawEvent): void {
  const { v, p } = aRecord(event)
  newest.note(v, p, null)
}

/** What is kept, newest first: the thread and both names. */
function kept(newest: Newest): [tid: number, path: string, resolved: string][] {
  const all: [number, string, string][] = []
  newest.forEach((v, p) => {
    const path = p + LAYOUT.size
    const length = v.u16[(p + LAYOUT.path_len) >> 1]!
    const resolved = v.u16[(p + LAYOUT.resolved_len) >> 1]!
    const text = (at: number, bytes: number) => Buffer.from(v.u8.subarray(at, at + bytes)).toString('latin1')
    all.push([v.u32[(p + LAYOUT.tid) >> 2]!, text(path, length), text(path + length, resolved)])
  })
  return all
}

describe('the newest events', () => {
  test('are none at first', () => {
    expect(kept(new Newest(LAYOUT))).toEqual([])
  })

  test('are the last four, newest first, as they were', () => {
    const events = fc.array(fc.record({ path: hostileBytes(900), resolved: hostileBytes(900) }), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(events, events => {
        const newest = new Newest(LAYOUT)
        for (const [tid, texts] of events.entries()) note(newest, anEvent({ tid, ...texts }))
        const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
        const wanted = events.map(({ path, resolved }, tid) => [tid, latin(path), latin(resolved)])
        expect(kept(newest)).toEqual(wanted.toReversed().slice(0, 4))
      }),
    )
  })

  test('leave out one whose names are too long for a report', () => {
    const newest = new Newest(LAYOUT)
    note(newest, anEvent({ tid: 1, path: 'short' }))
    note(newest, anEvent({ tid: 2, path: 'x'.repeat(2048 - LAYOUT.size), resolved: '/' }))
    note(newest, anEvent({ tid: 3, path: 'x'.repeat(2048 - LAYOUT.size) }))
    expect(kept(newest).map(([tid]) => tid)).toEqual([3, 1])
  })

  test('of a large batch are among its first, of the next batch among that', () => {
    const newest = new Newest(LAYOUT)
    for (let tid = 1; tid <= 1000; tid++) note(newest, anEvent({ tid }))
    expect(kept(newest).map(([tid]) => tid)).toEqual([64, 63, 62, 61])
    newest.beginBatch()
    note(newest, anEvent({ tid: 2000 }))
    expect(kept(newest).map(([tid]) => tid)).toEqual([2000, 64, 63, 62])
  })
})
