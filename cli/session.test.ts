import { pino } from 'pino'
import { describe, expect, test, vi } from 'vitest'
import { TraceFailure } from '../agent/failure.ts'
import type { TraceRequest } from '../agent/trace.ts'
import { DestinationRefused } from './destination.ts'
import { aReport, aTraceJob, FakeScreen, FakeTrace, losing } from './fixtures.ts'
import { type Session, trace } from './session.ts'
import type { StdoutEvents } from './stdout.ts'

/** A session with everything around it faked; `tracing` settles once the fake trace runs. */
function begin({ session = {}, start, screen = new FakeScreen() }: Begin = {}) {
  const fake = new FakeTrace()
  let output: StdoutEvents | undefined
  let request: TraceRequest | undefined
  const written: string[] = []
  const asked: Session = {
    job: aTraceJob(),
    nodeName: 'worker-1',
    output: 'table',
    stdoutIsTerminal: false,
    cacheDir: '/cache',
    ...session,
  }
  const code = trace(asked, {
    screen,
    log: pino({ level: 'silent' }),
    start: async given => {
      request = given
      return start ? start() : fake
    },
    openOutput: events => {
      output = events
      return { write: chunk => written.push(Buffer.from(chunk).toString()) }
    },
  })
  return { code, fake, screen, written, output: () => output!, request: () => request! }
}

interface Begin {
  session?: Partial<Session>
  start?: () => Promise<FakeTrace>
  screen?: FakeScreen
}

describe('a trace that goes well', () => {
  test('says that it traces, writes what comes, sums up and exits 0', async () => {
    const { code, fake, screen, written, request } = begin()
    request().write(Buffer.from('an open\n'))
    fake.end(aReport())
    expect(await code).toBe(0)
    expect(written).toEqual(['an open\n'])
    expect(screen.said).toMatch(
      /^tracing: worker-1 by Tracepoint for 10 s \(tracepoint\/sys_exit_openat\)\n900 opens/,
    )
    expect(screen.said).toContain('Top files')
  })

  test('leaves the word to the agent in JSON, and is short', async () => {
    const { code, fake, screen, request } = begin({ session: { output: 'json' } })
    fake.end(aReport())
    expect(await code).toBe(0)
    expect(request().format).toBe('JSON')
    expect(screen.said).toMatch(/^tracejob: 900 opens reported[^\n]+\ntracejob: Nothing was lost[^\n]+\n$/)
  })

  test('exits 0 also when something was lost, and says so', async () => {
    const { code, fake, screen } = begin()
    fake.end(aReport({ ledger: losing({ ringFull: 7 }) }))
    expect(await code).toBe(0)
    expect(screen.said).toContain('7 of 1,007 opens were lost')
  })

  test('writes the TraceJob and the TraceReport where it was told to', async () => {
    const write = vi.fn()
    const { code, fake } = begin({ session: { destination: { write } } })
    fake.end(aReport())
    await code
    expect(write.mock.calls[0][0]).toMatch(/^apiVersion: .*\nkind: TraceJob\n.*\n---\n.*kind: TraceReport\n/s)
  })
})

describe('a trace that is stopped', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('ends in order at %s and exits 0', async signal => {
    const { code, fake, screen } = begin()
    await Promise.resolve()
    process.emit(signal)
    expect(await code).toBe(0)
    expect(fake.stopped).toEqual(['Signal'])
    expect(screen.said).toContain('900 opens reported')
  })

  test('ends as soon as it has begun, when the signal came before', async () => {
    const fake = new FakeTrace()
    const attached = Promise.withResolvers<FakeTrace>()
    const { code } = begin({ start: () => attached.promise })
    process.emit('SIGINT')
    attached.resolve(fake)
    expect(await code).toBe(0)
    expect(fake.stopped).toEqual(['Signal'])
  })

  test('exits 130 at once at the second signal, which is not the first one passed on by npx', async () => {
    vi.useFakeTimers()
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
    const attached = Promise.withResolvers<FakeTrace>()
    const { code } = begin({ start: () => attached.promise })
    process.emit('SIGINT')
    process.emit('SIGINT')
    expect(exit).not.toHaveBeenCalled()
    vi.advanceTimersByTime(600)
    process.emit('SIGTERM')
    expect(exit.mock.calls).toEqual([[130]])
    exit.mockRestore()
    vi.useRealTimers()
    attached.resolve(new FakeTrace())
    await code
  })

  test('ends quietly and exits 0 when its reader leaves', async () => {
    const { code, fake, screen, output } = begin({ session: { output: 'json' } })
    await Promise.resolve()
    output().closed()
    expect(await code).toBe(0)
    expect(fake.stopped).toEqual(['Signal'])
    expect(screen.said).toBe('')
  })

  test('ends and exits 1 when its output can not be written', async () => {
    const { code, screen, output } = begin()
    await Promise.resolve()
    output().closed(new Error('ENOSPC: no space left on device, write'))
    expect(await code).toBe(1)
    expect(screen.said).toContain("tracejob: standard output can't be written: ENOSPC")
  })

  test('leaves no listener behind', async () => {
    const { code, fake } = begin()
    fake.end(aReport())
    await code
    expect(process.listenerCount('SIGINT') + process.listenerCount('SIGTERM')).toBe(0)
  })
})

describe('a trace that fails', () => {
  const refused = new TraceFailure('VerifierRejected', 'The verifier refused the program', 'Report it.', {
    detail: 'R1 type=scalar\n\tgoto \x1b[31m',
  })

  test('says one sentence, what to do, and the words of others below; exits 1', async () => {
    const { code, screen } = begin({ start: () => Promise.reject(refused) })
    expect(await code).toBe(1)
    expect(screen.said).toBe(
      'tracejob: The verifier refused the program. Report it.\n    R1 type=scalar\n        goto \\x1b[31m\n',
    )
  })

  test('still leaves a report', async () => {
    const write = vi.fn()
    const { code } = begin({ session: { destination: { write } }, start: () => Promise.reject(refused) })
    await code
    expect(write.mock.calls[0][0]).toContain('reason: VerifierRejected')
  })

  test('on its way shows what it knew until then', async () => {
    const { code, fake, screen } = begin()
    fake.end(aReport({ state: 'Failed', failure: { reason: 'Internal', message: 'The ring is gone.' } }))
    expect(await code).toBe(1)
    expect(screen.said).toMatch(/tracejob: The ring is gone\.\n900 opens reported/)
  })

  test('through a defect says so, and still leaves a report', async () => {
    const write = vi.fn()
    const { code, screen } = begin({
      session: { destination: { write } },
      start: () => Promise.reject(new RangeError('offset is out of bounds')),
    })
    expect(await code).toBe(1)
    expect(screen.said).toMatch(/^tracejob: The trace broke off: offset is out of bounds\. This is a defect/)
    expect(write.mock.calls[0][0]).toContain('reason: Internal')
  })

  test('to write its report exits 1 and sums up all the same', async () => {
    const write = () => {
      throw new DestinationRefused('out.yaml', Object.assign(new Error('x'), { code: 'ENOSPC' }))
    }
    const { code, fake, screen } = begin({ session: { destination: { write } } })
    fake.end(aReport())
    expect(await code).toBe(1)
    expect(screen.said).toContain("tracejob: the report can't be written to out.yaml: the disk is full.\n")
    expect(screen.said).toContain('900 opens reported')
  })
})

describe('the live line', () => {
  test('is drawn at most four times a second, and only on a terminal', async () => {
    vi.useFakeTimers()
    const there = begin({ screen: new FakeScreen(true) })
    const elsewhere = begin({ screen: new FakeScreen(false) })
    await vi.advanceTimersByTimeAsync(3000)
    expect(there.screen.drawn).toHaveLength(12)
    expect(elsewhere.screen.drawn).toHaveLength(0)
    for (const { fake } of [there, elsewhere]) fake.end(aReport())
    await Promise.all([there.code, elsewhere.code])
    await vi.advanceTimersByTimeAsync(3000)
    expect(there.screen.drawn).toHaveLength(12)
    vi.useRealTimers()
  })
})
