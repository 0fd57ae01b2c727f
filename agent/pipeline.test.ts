import { beforeEach, describe, expect, test } from 'vitest'
import { WallClock } from './clock.ts'
import { anEvent, aRecord, LAYOUT } from './event.arbitrary.ts'
import { BIT } from './layout.ts'
import { LineLimit } from './limit.ts'
import { Lines } from './lines.ts'
import { Newest } from './newest.ts'
import { type EventWriter, Pipeline } from './pipeline.ts'
import { Tally } from './tally.ts'

let written = ''
let sentinels = 0
let asked = 0
beforeEach(() => {
  written = ''
  sentinels = 0
  asked = 0
})

/** Writes the thread and its second. */
const writer: EventWriter = {
  write: (out, at, v, p, clock) =>
    at + Buffer.from(out.buffer).write(`${v.u32[(p + LAYOUT.tid) >> 2]}@${clock.seconds} `, at),
}

function aPipeline({ perSecond = 1000, isWanted = true, logs = true } = {}) {
  const tally = new Tally(LAYOUT, 1)
  const newest = new Newest(LAYOUT)
  const lines = new Lines(chunk => {
    written += Buffer.from(chunk).toString()
  })
  const pipeline = new Pipeline({
    layout: LAYOUT,
    clock: new WallClock(),
    tally,
    newest,
    limit: new LineLimit(perSecond),
    lines,
    writer: logs ? writer : null,
    isWanted: () => {
      asked++
      return isWanted
    },
    selfTest: () => void sentinels++,
    attribution: null,
  })
  const feed = (...events: Parameters<typeof anEvent>[0][]) => {
    for (const event of events) {
      const { v, p } = aRecord(anEvent(event))
      pipeline.onSample(v, p)
    }
    lines.flush()
  }
  const counted = () => tally.top().processes!.reduce((sum, { count }) => sum + count, 0)
  const remembered = () => {
    let count = 0
    newest.forEach(() => void count++)
    return count
  }
  return { pipeline, feed, counted, remembered }
}

describe('an event', () => {
  test('is counted and logged, with its own time', () => {
    const { pipeline, feed, counted, remembered } = aPipeline()
    feed({ tid: 1, ktimeNs: 1_000_000_000n }, { tid: 2, ktimeNs: 9_000_000_000n })
    expect(written).toBe('1@1 2@9 ')
    expect(pipeline.received).toEqual({ logged: 2, withheld: 0, filtered: 0, unattributed: 0 })
    expect([counted(), remembered(), asked, sentinels]).toEqual([2, 2, 0, 0])
  })

  test('above the rate is withheld from the log and counted all the same', () => {
    const { pipeline, feed, counted, remembered } = aPipeline({ perSecond: 2 })
    feed({ tid: 1 }, { tid: 2 }, { tid: 3 })
    pipeline.nowMilliseconds = 1000
    feed({ tid: 4 })
    expect(written).toBe('1@5 2@5 4@5 ')
    expect(pipeline.received).toEqual({ logged: 3, withheld: 1, filtered: 0, unattributed: 0 })
    expect([counted(), remembered()]).toEqual([4, 4])
  })

  test('is withheld where no events are asked for', () => {
    const { pipeline, feed, counted } = aPipeline({ logs: false })
    feed({}, {})
    expect(written).toBe('')
    expect(pipeline.received).toEqual({ logged: 0, withheld: 2, filtered: 0, unattributed: 0 })
    expect(counted()).toBe(2)
  })

  test.each([
    [true, { logged: 1, withheld: 0, filtered: 0, unattributed: 0 }],
    [false, { logged: 0, withheld: 0, filtered: 1, unattributed: 0 }],
  ])('that the kernel left open passes if wanted: %s', (isWanted, received) => {
    const { pipeline, feed, counted, remembered } = aPipeline({ isWanted })
    feed({ bits: BIT.undecided })
    expect(pipeline.received).toEqual(received)
    expect([counted(), remembered(), asked]).toEqual([received.logged, received.logged, 1])
  })

  test('of our own goes to the self-test and nowhere else', () => {
    const { pipeline, feed, counted, remembered } = aPipeline()
    feed({ bits: BIT.selfTest }, { bits: BIT.selfTest | BIT.undecided })
    expect(written).toBe('')
    expect(pipeline.received).toEqual({ logged: 0, withheld: 0, filtered: 0, unattributed: 0 })
    expect([counted(), remembered(), asked, sentinels]).toEqual([0, 0, 0, 2])
  })
})
