import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type TraceReportStatus, traceReportStatusSchema } from '../crds/report-status.ts'
import { WallClock } from './clock.ts'
import { coverageOf } from './coverage.ts'
import { anEvent, anyEvent, aRecord, hostileBytes, LAYOUT, type RawEvent } from './event.arbitrary.ts'
import { EventJson } from './event-json.ts'
import { ledgerOf, NO_MISSES } from './ledger.ts'
import { plans } from './modes.ts'
import { hookName } from './probe-names.ts'
import { fitted } from './report.ts'
import { Tally } from './tally.ts'

const LIMIT = 4096
const MOST = Number.MAX_SAFE_INTEGER
const PLAN = plans('Kprobe', 'none', ['do_filp_open'])[0]!

/** What an agent reports of these events, every one of them among the newest: as session.ts puts it together. */
function aReport(events: readonly RawEvent[], counts = 1): TraceReportStatus {
  const tally = new Tally(LAYOUT, 1)
  const json = new EventJson(LAYOUT, 'a-node.example.org', 'x64')
  const line = Buffer.alloc(1 << 16)
  const newest: NonNullable<TraceReportStatus['newest']> = []
  for (const event of events) {
    const { v, p } = aRecord(event)
    tally.add(v, p, null)
    const end = json.write(line, 0, v, p, new WallClock(), null)
    if (newest.length < 4) newest.push(JSON.parse(line.toString('utf8', 0, end)))
  }
  const { files, processes, ...top } = tally.top()
  const counted = <T>(list: readonly T[] | undefined) => list!.map(entry => ({ ...entry, count: counts }))
  const ledger = ledgerOf(
    {
      observed: counts,
      filtered: 0,
      ring_full: 0,
      submitted: counts,
      entered: 0,
      returned: 0,
      no_room: 0,
      without_core: 0,
      self_test: 8,
      core_entered: 0,
      core_returned: 0,
    },
    NO_MISSES,
    { logged: counts, withheld: 0, filtered: 0, unattributed: 0 },
    true,
  )
  return {
    state: 'Completed',
    attachMode: 'Kprobe',
    probes: PLAN.probes.map(probe => hookName(PLAN, probe)),
    kernel: { release: '6.12.117+deb13-cloud-amd64', machine: 'x86_64', preemption: 'voluntary' },
    programHash: 'f'.repeat(64),
    coverage: coverageOf(PLAN.probes, 'aarch64'),
    startTime: '2026-11-23T14:00:00.123Z',
    endTime: '2026-11-23T14:00:10.123Z',
    ledger,
    top: { ...top, files: counted(files), processes: counted(processes) },
    newest,
    selfTest: { start: { opened: 4, seen: 4 }, end: { opened: 4, seen: 4 } },
    cost: {
      agentCpuSeconds: 12345.678901,
      agentMemoryBytes: 94_371_840,
      programRunNanoseconds: MOST,
      programRuns: MOST,
    },
  }
}

const bytes = (status: TraceReportStatus) => Buffer.byteLength(JSON.stringify(status))

/** All that is no list of names: never touched. */
function counts({ newest: _, top, ...rest }: TraceReportStatus) {
  return { ...rest, approximate: top?.approximate }
}

/** Whether `short` is `text`, or as much of both its ends with a mark between. */
function isCutOf(short: string, text: string): boolean {
  const half = (short.length - 1) / 2
  return short === text || short === `${text.slice(0, half)}…${text.slice(text.length - half)}`.toWellFormed()
}

describe('a report', () => {
  test('that has room is as it was', () => {
    const status = aReport([anEvent(), anEvent({ path: '/etc/shadow', ret: -13, tgid: 7, comm: 'dog' })])
    expect(fitted(status)).toEqual(status)
  })

  test('of any events keeps to 4 KiB and the contract, and every count is as it was', () => {
    const long = fc.record({
      path: hostileBytes(4095),
      resolved: hostileBytes(4095),
      times: fc.integer({ min: 1, max: 500 }),
    })
    const repeated = (bytes: Uint8Array, times: number) =>
      Uint8Array.from(Buffer.concat(Array<Uint8Array>(times).fill(bytes)).subarray(0, 4095))
    const someLong = fc.tuple(anyEvent, long).map(([event, { path, resolved, times }]) => ({
      ...event,
      ktimeNs: 0n,
      path: repeated(path, times),
      resolved: repeated(resolved, times),
    }))
    fc.assert(
      fc.property(fc.array(someLong, { maxLength: 20 }), fc.constantFrom(1, MOST), (events, most) => {
        const status = aReport(events, most)
        const report = fitted(status)
        expect(bytes(report)).toBeLessThanOrEqual(LIMIT)
        expect(traceReportStatusSchema.parse(report)).toEqual(report)
        expect(counts(report)).toEqual(counts(status))
        const files = report.top?.files ?? []
        for (const [i, { path, count }] of files.entries()) {
          expect(count).toBe(status.top!.files![i]!.count)
          expect(isCutOf(path, status.top!.files![i]!.path)).toBe(true)
          expect(path.isWellFormed()).toBe(true)
        }
        for (const [i, event] of (report.newest ?? []).entries())
          expect(isCutOf(event.path ?? '', status.newest![i]!.path ?? '')).toBe(true)
        // What was there to say is said as far as there is room.
        if (events.length > 0) expect(report.top?.processes?.length).toBeGreaterThan(0)
      }),
      { numRuns: 60 },
    )
  })

  test('whose newest events are too much keeps those of them that fit, the newest first', () => {
    const path = (i: number) => `/${i}${'/usr/lib/x86_64-linux-gnu'.repeat(9)}`
    const status = aReport(
      [1, 2, 3, 4].map(i => anEvent({ path: path(i), resolved: path(i), comm: `c${i}` })),
    )
    expect(bytes(status)).toBeGreaterThan(LIMIT)
    const { newest, top } = fitted(status)
    expect(newest!.length).toBeGreaterThan(0)
    expect(newest).toEqual(status.newest!.slice(0, newest!.length))
    expect(top).toEqual(status.top)
  })

  test('whose names are all too long still lists who and what, from the top', () => {
    const worst = '中'.repeat(1300)
    const events = Array.from({ length: 12 }, (_, i) =>
      anEvent({
        path: `/${i}${worst}`,
        resolved: `/${i}${worst}`,
        tgid: 4_000_000_000 + i,
        comm: new Uint8Array(15).fill(1).with(0, i + 1),
      }),
    )
    const status = aReport(events, MOST)
    const { top, newest } = fitted(status)
    expect(newest).toBeUndefined()
    expect(top!.processes!.length).toBeGreaterThan(3)
    expect(top!.processes).toEqual(status.top!.processes!.slice(0, top!.processes!.length))
    expect(top!.files!.length).toBe(top!.processes!.length)
  })

  test('shows both ends of a path that is cut, and says that it is', () => {
    const path = `/${'a'.repeat(1000)}/${'b'.repeat(1000)}/shadow`
    const { newest, top } = fitted(aReport([anEvent({ path })]))
    expect(newest![0]!.path).toMatch(/^\/a{200,}…b{200,}\/shadow$/)
    expect(newest![0]!.pathTruncated).toBe(true)
    // The tally keeps only the beginning of such a name.
    expect(top!.files![0]!.path).toMatch(/^\/a{200,}…a{200,}…$/)
  })

  test('leaves no half of a character', () => {
    const { newest } = fitted(aReport([anEvent({ path: `/x${'😀'.repeat(500)}` })]))
    expect(newest![0]!.path!.isWellFormed()).toBe(true)
  })

  test('of a failure keeps its reason, whatever was said', () => {
    const failure = {
      reason: 'CompileFailed' as const,
      message: '中'.repeat(1024),
      detail: '\x01'.repeat(2048),
    }
    const report = fitted({ state: 'Failed', failure })
    expect(bytes(report)).toBeLessThanOrEqual(LIMIT)
    expect(report.failure!.reason).toBe('CompileFailed')
    expect(failure.message.startsWith(report.failure!.message)).toBe(true)
    expect(report.failure!.message.length).toBeGreaterThan(100)
  })
})
