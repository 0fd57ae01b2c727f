import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { ledgerCloses } from '../crds/ledger.ts'
import { Attribution, type Verdicts } from './attribution.ts'
import { WallClock } from './clock.ts'
import { anEvent, aRecord, LAYOUT } from './event.arbitrary.ts'
import { BIT } from './layout.ts'
import { ledgerOf, NO_MISSES } from './ledger.ts'
import { LineLimit } from './limit.ts'
import { Lines } from './lines.ts'
import { Newest } from './newest.ts'
import { HOST, type Listening, type Origins, type Told } from './origins.ts'
import { type EventWriter, Pipeline } from './pipeline.ts'
import { Tally } from './tally.ts'
import { WaitingRoom } from './waiting-room.ts'

/** Tells what it is told to tell. */
class Teller implements Origins {
  readonly selective: boolean
  readonly asked: bigint[] = []
  listening: Listening | undefined
  /** What is answered while being asked. */
  answers = new Map<bigint, Told>()
  known = new Map<bigint, Told>()
  atTheEnd = new Map<bigint, Told>()

  constructor(selective: boolean) {
    this.selective = selective
  }

  follow(listening: Listening): Disposable {
    this.listening = listening
    for (const [id, told] of this.known) listening.tell(id, told)
    return { [Symbol.dispose]: () => (this.listening = undefined) }
  }

  ask(id: bigint): void {
    this.asked.push(id)
    const answer = this.answers.get(id)
    if (answer) this.listening!.tell(id, answer)
  }

  lastChance(): void {
    for (const [id, told] of this.atTheEnd) this.listening!.tell(id, told)
  }
}

class FakeMap implements Verdicts {
  readonly entries = new Map<bigint, boolean>()
  put(id: bigint, wanted: boolean): void {
    this.entries.set(id, wanted)
  }
  delete(id: bigint): void {
    this.entries.delete(id)
  }
}

const POD: Told = { verdict: 'wanted', whose: { namespace: 'shop', pod: 'cart-1', container: 'app' } }
const ON_HOST: Told = { verdict: 'wanted', whose: HOST }
const UNWANTED: Told = { verdict: 'unwanted' }
const UNTOLD: Told = { verdict: 'untold' }

let written = ''
beforeEach(() => {
  written = ''
})

/** Writes the name asked for and the origin. */
const writer: EventWriter = {
  write(out, at, v, p, _clock, origin) {
    const name = p + LAYOUT.size
    const path = Buffer.from(v.u8.subarray(name, name + v.u16[(p + LAYOUT.path_len) >> 1]!))
    return at + Buffer.from(out.buffer).write(`${path}[${Buffer.from(origin!.json)}] `, at)
  },
}

function aTrace({
  selective = true,
  teller = new Teller(selective),
  roomBytes = 1 << 20,
  pathWanted = true,
} = {}) {
  const attribution = new Attribution(teller, LAYOUT, new WaitingRoom(roomBytes))
  const kernel = new FakeMap()
  attribution.fill(kernel)
  const tally = new Tally(LAYOUT, 1, true)
  let fails = false
  const errors: unknown[] = []
  const lines = new Lines(chunk => {
    if (fails) throw new Error('no space left')
    written += Buffer.from(chunk).toString()
  })
  const pipeline = new Pipeline({
    layout: LAYOUT,
    clock: new WallClock(),
    tally,
    newest: new Newest(LAYOUT),
    limit: new LineLimit(1e6),
    lines,
    writer,
    isWanted: () => pathWanted,
    selfTest: () => {},
    attribution,
  })
  attribution.connect({
    settle: pipeline.settle,
    settled: () => lines.flush(),
    onError: error => errors.push(error),
  })
  const open = (cgroupId: bigint, path = 'f', bits = 0) => {
    const { v, p } = aRecord(anEvent({ cgroupId, path, bits }))
    pipeline.onSample(v, p)
    lines.flush()
  }
  const tell = (id: bigint, told: Told) => teller.listening!.tell(id, told)
  const breakLog = () => {
    fails = true
  }
  return { teller, attribution, kernel, pipeline, tally, open, tell, errors, breakLog }
}

const OWNER = '"namespace":"shop","pod":"cart-1","container":"app",'

describe('an open', () => {
  test('of a known container is written with its origin, and nobody is asked', () => {
    const teller = new Teller(true)
    teller.known.set(7n, POD)
    const { open, tally, kernel } = aTrace({ teller })
    open(7n)
    open(7n)
    expect(written).toBe(`f[${OWNER}] f[${OWNER}] `)
    expect(teller.asked).toEqual([])
    expect(tally.top().pods).toEqual([{ namespace: 'shop', pod: 'cart-1', count: 2 }])
    expect([...kernel.entries]).toEqual([[7n, true]])
  })

  test('of a foreign container is filtered, in the kernel from then on', () => {
    const { teller, open, pipeline, kernel } = aTrace()
    teller.answers.set(8n, UNWANTED)
    open(8n)
    open(8n)
    expect(written).toBe('')
    expect(pipeline.received).toEqual({ logged: 0, withheld: 0, filtered: 2, unattributed: 0 })
    expect([...kernel.entries]).toEqual([[8n, false]])
    expect(teller.asked).toEqual([8n])
  })

  test('of a host process has no origin to be written', () => {
    const { teller, open, tally } = aTrace()
    teller.answers.set(1n, ON_HOST)
    open(1n)
    expect(written).toBe('f[] ')
    expect(tally.top().pods).toEqual([])
  })

  test('waits until it is told whose it is, and is asked for once', () => {
    const { teller, open, tell, pipeline, attribution } = aTrace()
    open(9n, 'first')
    open(9n, 'second')
    expect(written).toBe('')
    expect(attribution.waiting).toBe(2)
    expect(teller.asked).toEqual([9n])
    tell(9n, POD)
    expect(written).toBe(`first[${OWNER}] second[${OWNER}] `)
    expect(attribution.waiting).toBe(0)
    open(9n, 'third')
    expect(written).toContain('third')
    expect(pipeline.received.logged).toBe(3)
  })

  test.each<[string, boolean, Told, string, object]>([
    ['foreign after all is filtered', true, UNWANTED, '', { filtered: 1 }],
    [
      'of nobody knows whom is shown to nobody where only some are wanted',
      true,
      UNTOLD,
      '',
      { unattributed: 1 },
    ],
    [
      'of nobody knows whom is shown, and says so, where all are wanted',
      false,
      UNTOLD,
      'f["unattributed":true,] ',
      { logged: 1 },
    ],
  ])('that waited and is %s', (_, selective, told, line, counts) => {
    const { open, tell, pipeline } = aTrace({ selective })
    open(9n)
    tell(9n, told)
    expect(written).toBe(line)
    expect(pipeline.received).toEqual({ logged: 0, withheld: 0, filtered: 0, unattributed: 0, ...counts })
  })

  test('that finds no room to wait is counted', () => {
    const { open, pipeline, attribution, tell } = aTrace({ roomBytes: 4096 })
    for (let i = 0; i < 100; i++) open(9n)
    const { waiting } = attribution
    expect(waiting).toBeGreaterThan(0)
    expect(pipeline.received.unattributed).toBe(100 - waiting)
    tell(9n, POD)
    expect(pipeline.received.logged).toBe(waiting)
  })

  test('that the path filter drops does not wait', () => {
    const { open, pipeline, attribution } = aTrace({ pathWanted: false })
    open(9n, 'f', BIT.undecided)
    expect(attribution.waiting).toBe(0)
    expect(pipeline.received.filtered).toBe(1)
  })
})

describe('a cgroup', () => {
  test('told anew is another in the kernel too', () => {
    const { tell, kernel, open } = aTrace()
    tell(5n, POD)
    tell(5n, UNWANTED)
    expect([...kernel.entries]).toEqual([[5n, false]])
    tell(5n, POD)
    expect([...kernel.entries]).toEqual([[5n, true]])
    open(5n)
    expect(written).toBe(`f[${OWNER}] `)
    tell(5n, UNTOLD)
    expect([...kernel.entries]).toEqual([])
  })

  test('that is forgotten leaves nothing behind, and is asked for again', () => {
    const { teller, kernel, open, attribution, pipeline, tell } = aTrace()
    tell(5n, POD)
    teller.listening!.forget(5n)
    expect([...kernel.entries]).toEqual([])
    open(5n)
    expect(teller.asked).toEqual([5n])
    teller.listening!.forget(5n)
    expect(attribution.waiting).toBe(0)
    expect(pipeline.received.unattributed).toBe(1)
  })

  test('is not put into the kernel where everything is wanted', () => {
    const { tell, kernel } = aTrace({ selective: false })
    tell(5n, POD)
    expect([...kernel.entries]).toEqual([])
  })

  test('has an id of 64 bits', () => {
    const { tell, kernel, open, teller } = aTrace()
    const id = 0xffff_fffe_8000_0001n
    open(id)
    expect(teller.asked).toEqual([id])
    tell(id, POD)
    expect(written).toBe(`f[${OWNER}] `)
    expect([...kernel.entries]).toEqual([[id, true]])
  })

  test('told of after the end touches the map of the kernel no more', () => {
    const { attribution, teller, kernel } = aTrace()
    const { listening } = teller
    attribution[Symbol.dispose]()
    expect(teller.listening).toBeUndefined()
    listening!.tell(5n, UNWANTED)
    listening!.forget(5n)
    expect([...kernel.entries]).toEqual([])
  })
})

test('who tells does not suffer from a log that can not be written', () => {
  const { open, tell, errors, breakLog } = aTrace()
  open(9n)
  breakLog()
  tell(9n, POD)
  expect(String(errors)).toContain('no space left')
})

test('whatever is told and when, each open ends in one place, none that may be foreign is shown, and the ledger closes', () => {
  const id = fc.bigInt({ min: 1n, max: 4n })
  const told = fc.constantFrom(POD, ON_HOST, UNWANTED, UNTOLD)
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('open' as const), id }) },
    fc.record({ do: fc.constant('tell' as const), id, told }),
    fc.record({ do: fc.constant('forget' as const), id }),
    fc.record({ do: fc.constant('answer' as const), id, told }),
    fc.record({ do: fc.constant('atTheEnd' as const), id, told }),
  )
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 80 }),
      fc.boolean(),
      fc.constantFrom(2048, 1 << 20),
      (steps, selective, roomBytes) => {
        written = ''
        const { teller, open, tell, attribution, pipeline, tally } = aTrace({ selective, roomBytes })
        const told = new Map<bigint, Told>()
        let opened = 0
        for (const each of steps) {
          if (each.do === 'open') {
            open(each.id, String(each.id))
            opened++
          } else if (each.do === 'tell') tell(each.id, each.told)
          else if (each.do === 'forget') teller.listening!.forget(each.id)
          else if (each.do === 'answer') teller.answers.set(each.id, each.told)
          else teller.atTheEnd.set(each.id, each.told)
          if (each.do === 'tell' || each.do === 'answer' || each.do === 'atTheEnd') {
            // Shown only what was wanted at some time.
            if (each.told.verdict === 'wanted') told.set(each.id, each.told)
          }
          const { logged, withheld, filtered, unattributed } = pipeline.received
          expect(logged + withheld + filtered + unattributed + attribution.waiting).toBe(opened)
        }
        attribution.end()
        expect(attribution.waiting).toBe(0)
        const counters = {
          observed: opened,
          filtered: 0,
          ring_full: 0,
          submitted: opened,
          entered: 0,
          returned: 0,
        }
        const none = { no_room: 0, without_core: 0, self_test: 0, core_entered: 0, core_returned: 0 }
        const ledger = ledgerOf({ ...counters, ...none }, NO_MISSES, pipeline.received, true)
        expect(ledgerCloses(ledger)).toBe(true)
        expect(ledger.lostBy.unmatched).toBe(0)
        expect(tally.top().processes!.reduce((sum, { count }) => sum + count, 0)).toBe(ledger.received)
        if (!selective) return
        const shown = new Set(
          written
            .split(' ')
            .filter(Boolean)
            .map(line => line[0]),
        )
        for (const id of shown) expect(told.has(BigInt(id))).toBe(true)
        expect(written).not.toContain('unattributed')
      },
    ),
  )
})
