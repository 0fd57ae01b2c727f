import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import type { TraceJob } from '../../crds/trace-job.ts'
import { settled } from '../../kube/clock.fake.ts'
import { TraceFailure } from '../failure.ts'
import { aLedger, anOwnReport, aStatus, aTraceJob, NOON, seconds } from './fixtures.ts'
import { Life, type World } from './life.ts'
import type { OwnReport } from './own-report.ts'
import { FakeTrace } from './trace.fake.ts'

/** A life with everything around it faked. It is noon, when every trace of the fixtures begins. */
function lived(changed: Partial<World> = {}) {
  const it = {
    report: undefined as OwnReport | undefined,
    second: 0,
    traces: [] as FakeTrace[],
    asked: [] as TraceJob[],
    changes: 0,
    hasLeft: false,
    /** What the API server says now. */
    sees: async (report: OwnReport | undefined) => {
      it.report = report
      it.life.look()
      await settled()
    },
    life: undefined as unknown as Life,
    last: () => it.life.saying()!.status(),
  }
  it.life = new Life({
    job: aTraceJob(),
    report: () => it.report,
    dates: async () => ({ createdMs: NOON - 2000, confirmedMs: NOON + it.second * 1000 - 500 }),
    clocks: () => ({ nodeMs: NOON + it.second * 1000, serverMs: NOON + it.second * 1000 }),
    monotonicMs: () => it.second * 1000,
    begin: async job => {
      it.asked.push(job)
      it.traces.push(new FakeTrace())
      return it.traces.at(-1)!
    },
    changed: () => void it.changes++,
    log: pino({ level: 'silent' }),
    ...changed,
  })
  void it.life.live().then(() => {
    it.hasLeft = true
  })
  return it
}

/** One that traces. */
async function tracing(changed: Partial<World> = {}) {
  const it = lived(changed)
  await it.sees(anOwnReport())
  return { ...it, trace: it.traces[0], it }
}

describe('a life that goes well', () => {
  test('waits for the report, traces, says so, ends, and stays until it is told to leave', async () => {
    const it = lived()
    await settled()
    expect(it.traces).toEqual([])
    expect([it.life.isReady, it.life.saying()]).toEqual([false, undefined])

    await it.sees(anOwnReport({ durationSeconds: 30 }))
    expect(it.asked.map(({ spec }) => spec.durationSeconds)).toEqual([30])
    expect(it.traces[0].durations).toEqual([30])
    expect(it.life.isReady).toBe(true)
    expect(it.life.saying()).toMatchObject({ state: 'Tracing', isLast: false })
    expect(it.last()).toEqual(aStatus())

    it.traces[0].end(aStatus({ state: 'Completed' }))
    await settled()
    expect(it.life.saying()).toMatchObject({ state: 'Completed', isLast: true })
    expect([it.life.isReady, it.hasLeft]).toEqual([true, false])
    await it.sees(undefined)
    await it.sees(anOwnReport({ uid: 'another' }))
    expect(it.traces).toHaveLength(1)

    it.life.leave()
    await settled()
    expect(it.hasLeft).toBe(true)
    expect(it.changes).toBeGreaterThan(2)
  })

  test('follows the duration that it is asked for', async () => {
    const { it, trace } = await tracing()
    await it.sees(anOwnReport({ durationSeconds: 20 }))
    await it.sees(anOwnReport({ durationSeconds: 20 }))
    expect(trace.durations).toEqual([60, 20])
    await it.sees(anOwnReport({ durationSeconds: 0 }))
    expect(trace.stops).toEqual(['Deadline'])
    trace.end(aStatus())
    await settled()
    expect(it.last().state).toBe('Completed')
  })

  test('traces as long as the job asks for where the report says nothing', async () => {
    const it = lived()
    const { durationSeconds: _, ...unbounded } = anOwnReport()
    await it.sees(unbounded)
    expect(it.traces[0].durations).toEqual([60])
  })
})

describe('a life that is cut short', () => {
  test('by SIGTERM detaches, says Pending, and only then is over', async () => {
    const { it, trace } = await tracing()
    it.life.leave()
    it.life.leave()
    await settled()
    expect(trace.stops).toEqual(['Signal'])
    expect([it.hasLeft, it.life.saying()!.state]).toEqual([false, 'Tracing'])
    trace.end(aStatus({ endTime: seconds(9) }))
    await settled()
    expect([it.hasLeft, it.last()]).toEqual([true, aStatus({ state: 'Pending', endTime: seconds(9) })])
  })

  test('by SIGTERM when its time was up just before is complete', async () => {
    const { it, trace } = await tracing()
    trace.remainingSeconds = 0
    it.life.leave()
    await settled()
    trace.end(aStatus())
    await settled()
    expect(it.last().state).toBe('Completed')
  })

  test('by SIGTERM before anything was traced says nothing', async () => {
    const it = lived()
    it.life.leave()
    await settled()
    expect([it.hasLeft, it.life.saying()]).toEqual([true, undefined])
  })

  test('by its report going detaches, and says on a new one that it did', async () => {
    const { it, trace } = await tracing()
    await it.sees(undefined)
    expect(trace.stops).toEqual(['Deleted'])
    trace.end(aStatus())
    await settled()
    expect(it.last()).toMatchObject({
      state: 'Failed',
      failure: { reason: 'Interrupted' },
      ledger: aLedger(),
    })
    expect(it.life.isReady).toBe(false)
  })

  test('by a report that is another one within a moment detaches, too', async () => {
    const { it, trace } = await tracing()
    await it.sees(anOwnReport({ uid: 'another' }))
    expect(trace.stops).toEqual(['Deleted'])
  })

  test('by nobody taking its events fails', async () => {
    const { it, trace } = await tracing()
    it.life.outputFailed(new TraceFailure('OutputFailed', 'nobody reads', 'Read.'))
    await settled()
    expect(trace.stops).toEqual(['Signal'])
    trace.end(aStatus())
    await settled()
    expect(it.last()).toMatchObject({ state: 'Failed', failure: { reason: 'OutputFailed' } })
  })

  test('by a defect fails, and keeps what it knew', async () => {
    const { it, trace } = await tracing()
    it.last()
    trace.break(new RangeError('offset is out of bounds'))
    await settled()
    expect(it.last()).toMatchObject({
      state: 'Failed',
      failure: { reason: 'Internal', message: expect.stringContaining('offset is out of bounds') },
      ledger: aLedger(),
    })
  })
})

describe('a life that begins where another ended', () => {
  const before = aStatus({ state: 'Pending', endTime: seconds(10) })

  test('goes on with the time that is left, and counts what was not traced', async () => {
    const it = lived()
    it.second = 20
    await it.sees(anOwnReport({ status: before }))
    expect(it.asked[0].spec.durationSeconds).toBe(40)
    expect(it.traces[0].durations).toEqual([40])
    expect(it.last()).toMatchObject({
      state: 'Tracing',
      startTime: seconds(0),
      interruptions: { count: 1, untracedSeconds: 10 },
      ledger: { observed: 2000 },
    })
    await it.sees(anOwnReport({ status: before, durationSeconds: 90 }))
    expect(it.traces[0].durations).toEqual([40, 70])
    it.traces[0].end(aStatus({ state: 'Completed' }))
    await settled()
    expect(it.last()).toMatchObject({ state: 'Completed', ledger: { observed: 2000 } })
  })

  test('takes the time that attaching takes for untraced', async () => {
    const attached = Promise.withResolvers<FakeTrace>()
    const it = lived({ begin: () => attached.promise })
    it.second = 20
    await it.sees(anOwnReport({ status: before }))
    it.second = 25
    const trace = new FakeTrace()
    attached.resolve(trace)
    await settled()
    expect(trace.durations).toEqual([35])
    expect(it.last()).toMatchObject({ interruptions: { count: 1, untracedSeconds: 15 } })
  })

  test('ends with what was known, when it can not begin', async () => {
    const refused = new TraceFailure('AttachFailed', 'no', 'Try.')
    const it = lived({ begin: () => Promise.reject(refused) })
    await it.sees(anOwnReport({ status: before }))
    expect(it.last()).toMatchObject({
      state: 'Failed',
      failure: { reason: 'AttachFailed' },
      ledger: aLedger(),
    })
  })

  test.each(['Completed', 'Failed'] as const)('has nothing to do where that was %s', async state => {
    const it = lived()
    const status = aStatus({ state })
    await it.sees(anOwnReport({ status }))
    expect(it.traces).toEqual([])
    expect(it.last()).toEqual(status)
    expect(it.life.isReady).toBe(state === 'Completed')
  })
})

describe('a life that does not come to trace', () => {
  test('because of its job says so', async () => {
    const it = lived({ job: new TraceFailure('ProgramUnsupported', 'not yet', 'Wait.') })
    await it.sees(anOwnReport())
    expect(it.last()).toEqual({
      state: 'Failed',
      failure: { reason: 'ProgramUnsupported', message: 'not yet. Wait.' },
    })
  })

  test('because its report goes while it attaches waits for another', async () => {
    const signals: AbortSignal[] = []
    const begin: World['begin'] = (_, signal) => {
      signals.push(signal)
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }
    const it = lived({ begin })
    await it.sees(anOwnReport())
    await it.sees(undefined)
    expect(it.life.saying()).toBeUndefined()
    await it.sees(anOwnReport({ uid: 'another' }))
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    it.life.leave()
    await settled()
    expect(it.hasLeft).toBe(true)
  })

  test('because it is told to leave too late to be called off detaches at once', async () => {
    const attached = Promise.withResolvers<FakeTrace>()
    const it = lived({ begin: () => attached.promise })
    await it.sees(anOwnReport())
    it.life.leave()
    const trace = new FakeTrace()
    attached.resolve(trace)
    await settled()
    expect(trace.stops).toEqual(['Signal'])
  })
})
