import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { FakeClock, settled } from '../../kube/clock.fake.ts'
import { ApiError, ConnectionFailed } from '../../kube/errors.ts'
import { aLedger, anOwnReport, aReportObject, aStatus, NOON } from './fixtures.ts'
import type { OwnReport, ReportObject } from './own-report.ts'
import { ReportWriter } from './report-writer.ts'
import type { Saying } from './saying.ts'

const REQUEST = { verb: 'patch', resource: 'tracereports/status' }
const refusal = (status: number, retryAfterSeconds?: number) =>
  new ApiError(REQUEST, { status, retryAfterSeconds })
const noConnection = () => new ConnectionFailed(REQUEST, 'nobody there', {})

/** A writer, and an API server that does as it is told. */
function here() {
  const clock = new FakeClock(NOON)
  const writes: { atSecond: number; object: ReportObject; options: object }[] = []
  const confirmed: number[] = []
  const world = {
    clock,
    writes,
    confirmed,
    report: anOwnReport() as OwnReport | undefined,
    opens: 1000,
    saying: undefined as Saying | undefined,
    /** What the API server says to the next write, unless it takes it. */
    answers: [] as (Error | 'hang')[],
    /** Whether the watch tells of our writes at once. */
    watches: true,
    /** What an older schema has no place for. */
    lacks: undefined as string | undefined,
    writer: undefined as unknown as ReportWriter,
    states: () => writes.map(({ object }) => (object.status as { state: string }).state),
    seconds: () => writes.map(({ atSecond }) => atSecond),
    tracing: () => {
      world.saying = {
        state: 'Tracing',
        isLast: false,
        status: () => aStatus({ ledger: aLedger(world.opens) }),
      }
    },
    ends: (state: 'Completed' | 'Pending' = 'Completed') => {
      world.saying = { state, isLast: true, status: () => aStatus({ state, ledger: aLedger(world.opens) }) }
    },
    /** What the watch tells. */
    changes: (status: unknown) => {
      world.report = anOwnReport({ status, object: aReportObject(status as object) })
      world.writer.look()
    },
  }
  async function apply(
    _: unknown,
    object: ReportObject,
    options: { signal: AbortSignal },
  ): Promise<ReportObject> {
    writes.push({ atSecond: (clock.monotonicMs() - NOON) / 1000, object, options })
    const answer = world.answers.shift()
    if (answer === 'hang') {
      return new Promise((_, reject) =>
        options.signal.addEventListener('abort', () => reject(options.signal.reason)),
      )
    }
    if (answer) throw answer
    const status = JSON.parse(JSON.stringify(object.status))
    if (world.lacks) delete status[world.lacks]
    if (world.watches) world.report = anOwnReport({ status, object: aReportObject(status) })
    return { ...object, status }
  }
  world.writer = new ReportWriter({
    client: { apply: apply as never },
    clock,
    log: pino({ level: 'silent' }),
    report: () => world.report,
    saying: () => world.saying,
    confirmed: (_, wallMs) => confirmed.push((wallMs - NOON) / 1000),
    random: () => 0.5,
  })
  return world
}

/** Opens go on all the time. */
function busy(world: ReturnType<typeof here>) {
  world.saying = {
    state: 'Tracing',
    isLast: false,
    status: () => aStatus({ ledger: aLedger(++world.opens) }),
  }
}

describe('while it traces', () => {
  test('the first report is written at once, as ours, by its uid', async () => {
    const world = here()
    world.tracing()
    world.writer.look()
    await settled()
    expect(world.writes).toMatchObject([
      {
        atSecond: 0,
        object: {
          apiVersion: 'tracejob.dev/v1alpha1',
          kind: 'TraceReport',
          metadata: { name: 'who-opens.node-1', namespace: 'audit', uid: anOwnReport().uid },
          status: { state: 'Tracing' },
        },
        options: { fieldManager: 'tracejob-agent', force: true, subresource: 'status' },
      },
    ])
    expect(Object.keys(world.writes[0].object).sort()).toEqual(['apiVersion', 'kind', 'metadata', 'status'])
  })

  test.each([
    true,
    false,
  ])('what an older schema does not take is not said again and again', async watches => {
    const world = here()
    Object.assign(world, { lacks: 'kernel', watches })
    world.tracing()
    world.writer.look()
    await world.clock.pass(60_000)
    expect(world.seconds()).toEqual([0])
    world.opens++
    await world.clock.pass(10_000)
    expect(world.seconds()).toHaveLength(2)
    world.ends()
    world.writer.look()
    await world.clock.pass(60_000)
    expect(world.states()).toEqual(['Tracing', 'Tracing', 'Completed'])
  })

  test('nothing is written while there is nothing new, and it is known that the report is right', async () => {
    const world = here()
    world.tracing()
    world.writer.look()
    await world.clock.pass(60_000)
    expect(world.seconds()).toEqual([0])
    expect(world.confirmed.at(-1)).toBeGreaterThan(57)
  })

  test('opens that were only filtered are told of now and then', async () => {
    const world = here()
    let filtered = 0
    const status = () => aStatus({ ledger: aLedger(1000, { observed: 900 + ++filtered, filtered }) })
    world.saying = { state: 'Tracing', isLast: false, status }
    world.writer.look()
    await world.clock.pass(50_000)
    expect(world.seconds()).toEqual([0, expect.closeTo(22), expect.closeTo(44)])
    world.ends()
    world.writer.look()
    await settled()
    expect(world.states().at(-1)).toBe('Completed')
  })

  test('what is new is written at the interval that the operator gives, with some jitter', async () => {
    const world = here()
    busy(world)
    world.writer.look()
    await world.clock.pass(7000)
    expect(world.seconds()).toEqual([0, 2.2, 4.4, 6.6])
    world.report = { ...world.report!, reportIntervalSeconds: 30 }
    world.watches = false
    world.writer.look()
    await world.clock.pass(60_000)
    expect(world.seconds().length).toBeLessThan(8)
  })

  test('changes of the report by others do not hurry it', async () => {
    const world = here()
    busy(world)
    world.writer.look()
    await settled()
    for (let i = 0; i < 20; i++) world.writer.look()
    await settled()
    expect(world.seconds()).toEqual([0])
  })

  test('what somebody else wrote over it is put right at the next time', async () => {
    const world = here()
    world.tracing()
    world.writer.look()
    await world.clock.pass(10_000)
    world.changes({ state: 'Failed' })
    await world.clock.pass(10_000)
    expect(world.states()).toEqual(['Tracing', 'Tracing'])
  })

  test('a watch that lags behind is no reason to write again', async () => {
    const world = here()
    world.watches = false
    world.tracing()
    world.writer.look()
    await world.clock.pass(60_000)
    expect(world.seconds()).toEqual([0])
  })

  test('there is nothing to write where no report is', async () => {
    const world = here()
    world.report = undefined
    busy(world)
    world.writer.look()
    await world.clock.pass(60_000)
    expect(world.writes).toEqual([])
  })

  test('another report gets its first word at once', async () => {
    const world = here()
    world.tracing()
    world.writer.look()
    await world.clock.pass(500)
    world.watches = false
    world.report = anOwnReport({ uid: 'another' })
    world.writer.look()
    await settled()
    expect(world.writes.map(({ object }) => object.metadata.uid)).toEqual([anOwnReport().uid, 'another'])
  })
})

describe('the end', () => {
  test('is written at once, once', async () => {
    const world = here()
    world.tracing()
    world.writer.look()
    await world.clock.pass(1000)
    world.ends()
    world.writer.look()
    await world.clock.pass(120_000)
    expect(world.states()).toEqual(['Tracing', 'Completed'])
    expect(world.seconds()).toEqual([0, 1])
    expect(world.clock.next).toBeUndefined()
  })

  test('is not written where it stands already', async () => {
    const world = here()
    world.ends()
    world.report = anOwnReport({ status: aStatus({ state: 'Completed', ledger: aLedger(1000) }) })
    world.writer.look()
    expect(await world.writer.leave(5)).toBe(true)
    expect(world.writes).toEqual([])
  })

  test('is put right when somebody else writes over it, no more often than the interval', async () => {
    const world = here()
    world.ends()
    world.writer.look()
    await settled()
    for (let second = 0; second < 20; second++) {
      world.changes({ state: 'Pending' })
      await world.clock.pass(1000)
    }
    expect(world.writes.length).toBeGreaterThan(5)
    expect(world.writes.length).toBeLessThan(12)
  })
})

describe('when it can not be written', () => {
  test.each<[string, () => Error]>([
    ['no connection', noConnection],
    ['an error of the server', () => refusal(500)],
    ['a report that is gone', () => refusal(404)],
    ['another report of its name', () => refusal(409)],
    ['no right to', () => refusal(403)],
  ])('because of %s, it is tried less and less often, and never given up', async (_, error) => {
    const world = here()
    busy(world)
    world.answers = Array.from({ length: 1000 }, error)
    world.writer.look()
    await world.clock.pass(60_000)
    const first = world.writes.length
    expect(first).toBeLessThan(9)
    await world.clock.pass(600_000)
    expect(world.writes.length - first).toBeGreaterThan(15)
    expect(world.writes.length - first).toBeLessThan(40)
    world.answers = []
    await world.clock.pass(31_000)
    expect(world.confirmed.length).toBeGreaterThan(0)
  })

  test('because there is too much to do, it waits as long as it is asked to', async () => {
    const world = here()
    world.tracing()
    world.answers = [refusal(429, 17)]
    world.writer.look()
    await world.clock.pass(60_000)
    expect(world.seconds()).toEqual([0, 17])
  })

  test('because the answer does not come, there is one request and no other', async () => {
    const world = here()
    busy(world)
    world.answers = ['hang']
    world.writer.look()
    await world.clock.pass(60_000)
    world.writer.look()
    await settled()
    expect(world.writes).toHaveLength(1)
  })
})

describe('before the process ends', () => {
  test('the last word is written, though a request hangs', async () => {
    const world = here()
    busy(world)
    world.answers = ['hang']
    world.writer.look()
    await settled()
    world.ends('Pending')
    expect(await world.writer.leave(10)).toBe(true)
    expect(world.states()).toEqual(['Tracing', 'Pending'])
  })

  test('a last word that is not answered is said again', async () => {
    const world = here()
    world.ends('Pending')
    world.answers = ['hang', 'hang']
    const left = world.writer.leave(15)
    await world.clock.pass(10_000)
    expect(await left).toBe(true)
    expect(world.states()).toEqual(['Pending', 'Pending', 'Pending'])
  })

  test('it is tried each second, until there is no time left', async () => {
    const world = here()
    world.ends('Pending')
    world.answers = Array.from({ length: 100 }, noConnection)
    world.writer.look()
    await world.clock.pass(1000)
    const left = world.writer.leave(10)
    await world.clock.pass(10_000)
    expect(await left).toBe(false)
    expect(world.writes.length).toBeGreaterThan(8)
  })

  test.each([401, 403])('it is not tried for long where it has no right to any more (%i)', async status => {
    const world = here()
    world.ends('Pending')
    world.answers = Array.from({ length: 100 }, () => refusal(status))
    const left = world.writer.leave(60)
    await world.clock.pass(5000)
    expect(await left).toBe(false)
  })

  test('nobody is waited for where there is no report, or nothing to say', async () => {
    const world = here()
    expect(await world.writer.leave(10)).toBe(true)
    world.report = undefined
    world.ends()
    expect(await world.writer.leave(10)).toBe(true)
  })

  test('after that nothing is written any more', async () => {
    const world = here()
    busy(world)
    world.writer.look()
    await settled()
    world.writer[Symbol.dispose]()
    world.writer.look()
    await world.clock.pass(60_000)
    expect(world.writes).toHaveLength(1)
  })
})
