import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { ledgerCloses } from '../../crds/ledger.ts'
import { traceReportStatusSchema } from '../../crds/report-status.ts'
import { heldBy, KernelObjects } from '../kernel/kernel-objects.ts'
import { type Agent, type Job, Scene } from './agent-scene.ts'

let here: Scene
let kernel: KernelObjects
beforeAll(async () => {
  here = await Scene.open()
  kernel = new KernelObjects(here.root)
  return () => here[Symbol.asyncDispose]()
})

const tracing = (status: { state: string }) => status.state === 'Tracing'
const counted = (received: number) => (status: { ledger?: { received: number } | undefined }) =>
  status.ledger?.received === received

/** A job that is being traced, of which so many opens are in the report. */
async function traced(job: Job, agent: Agent, opens: number): Promise<void> {
  await here.said(job, 'the node traces', tracing)
  await here.open(...Array(opens).fill('file'))
  await here.said(job, `${opens} opens are counted`, counted(opens))
  expect(heldBy(agent.pid).size).toBeGreaterThan(0)
}

describe('the life of an agent', () => {
  test('it waits for its report, traces, counts, completes, and stays', async () => {
    const job = await here.job('whole')
    await using agent = here.agent(job)
    await agent.logged('the agent waits for its report')
    expect(await agent.probed('/healthz')).toBe(200)
    expect(await agent.probed('/readyz')).toBe(503)
    expect(heldBy(agent.pid).size).toBe(0)

    await here.report(job)
    await traced(job, agent, 5)
    expect(await agent.probed('/readyz')).toBe(200)
    const { startTime } = (await here.seen(job))!.status
    const durationSeconds = Math.ceil((Date.now() - Date.parse(startTime!)) / 1000) + 2
    await here.adjust(job, { durationSeconds })
    const done = await here.said(job, 'the node has finished', ({ state }) => state === 'Completed')
    expect(traceReportStatusSchema.parse(done)).toEqual(done)
    expect(ledgerCloses(done.ledger!)).toBe(true)
    expect(done.ledger).toMatchObject({ received: 5, logged: 5 })
    expect(done.top?.files).toEqual([{ path: join(here.opened, 'file'), count: 5 }])
    expect(done.interruptions).toBeUndefined()
    expect(done.selfTest?.end?.seen).toBe(done.selfTest?.end?.opened)
    expect(Date.parse(done.endTime!) - Date.parse(done.startTime!)).toBeGreaterThanOrEqual(
      durationSeconds * 1000,
    )
    const opens = Array(5).fill('open')
    expect(agent.lines.map(({ kind }) => kind)).toEqual(['tracing', 'selfTest', ...opens, 'selfTest', 'end'])
    expect(heldBy(agent.pid).size).toBe(0)
    expect(await agent.probed('/readyz')).toBe(200)

    agent.signal('SIGTERM')
    expect(await agent.ended).toEqual({ code: 0, signal: null })
    expect((await here.seen(job))!.status).toEqual(done)
  })

  test('it detaches when its report is deleted, says so on a new one, and traces no more', async () => {
    const job = await here.job('deleted')
    await here.report(job)
    await using agent = here.agent(job)
    await traced(job, agent, 2)
    const held = heldBy(agent.pid)
    await here.deleteReport(job)
    await kernel.gone(held)
    expect(agent.lines.at(-1)).toMatchObject({ kind: 'end', why: 'Deleted' })

    await here.report(job)
    const status = await here.said(job, 'the new report tells of it', ({ state }) => state === 'Failed')
    expect(status).toMatchObject({ failure: { reason: 'Interrupted' }, ledger: { received: 2 } })
    expect(await agent.probed('/readyz')).toBe(503)
    expect(heldBy(agent.pid).size).toBe(0)
  })

  test('it detaches when the TraceJob is deleted, without any operator', async () => {
    const job = await here.job('orphan')
    await here.report(job)
    await using agent = here.agent(job)
    await traced(job, agent, 1)
    const held = heldBy(agent.pid)
    await here.cluster.kubectl(['delete', 'tj', 'orphan'])
    await kernel.gone(held)
    expect(await agent.probed('/healthz')).toBe(200)
  })

  test('it does not trace for the report of another job of the same name', async () => {
    const job = await here.job('namesake')
    await here.report(job)
    await using agent = here.agent({ ...job, metadata: { ...job.metadata, uid: 'another' } })
    await agent.logged('the report is not of our job')
    expect((await here.seen(job))!.status).toEqual({ state: 'Pending' })
    expect(heldBy(agent.pid).size).toBe(0)
  })

  test('it ends when it is told to trace no more, and sooner or later when it is told so', async () => {
    const job = await here.job('adjusted')
    await here.report(job)
    await using agent = here.agent(job)
    await traced(job, agent, 1)
    await here.adjust(job, { durationSeconds: 10_000 })
    await agent.logged('the duration has changed')
    await here.adjust(job, { durationSeconds: 0 })
    const status = await here.said(job, 'the node has finished', ({ state }) => state === 'Completed')
    expect(status).toMatchObject({ ledger: { received: 1 } })
    expect(agent.lines.at(-1)).toMatchObject({ kind: 'end', why: 'Deadline' })
  })

  test('names that are hostile are escaped on their way', async () => {
    const job = await here.job('hostile')
    await here.report(job)
    await using _ = here.agent(job)
    await here.said(job, 'the node traces', tracing)
    await here.open('\x1b[31mred\n\u202egnp.exe')
    const status = await here.said(job, 'the open is counted', counted(1))
    const path = join(here.opened, '\\x1b[31mred\\n\\u{202e}gnp.exe')
    expect(status.top?.files).toEqual([{ path, count: 1 }])
    expect(status.newest).toMatchObject([{ path }])
    const { stdout } = await here.cluster.kubectl(['get', 'tr', '-o', 'yaml'])
    expect(stdout).not.toMatch(/\x1b|\u202e/)
  })

  test('it writes nothing while nothing comes that was asked for', async () => {
    const job = await here.job('quiet')
    await here.report(job, { reportIntervalSeconds: 2 })
    await using agent = here.agent(job)
    await traced(job, agent, 1)
    const before = (await here.seen(job))!
    const { metadata } = before
    const mark = join(here.root, 'cache', 'reported', metadata.uid)
    // Each time it finds that there is nothing to say, the mark is set anew.
    const looks = new Set<number>()
    await agent.until('five looks', async () => looks.add((await stat(mark)).mtimeMs).size > 5)
    expect(await here.seen(job)).toEqual(before)
  })
})

describe('an agent that is started again', () => {
  test('after kill -9 goes on with the time that is left, and says that it was interrupted', async () => {
    const job = await here.job('killed')
    await here.report(job, { durationSeconds: 10_000 })
    let startTime: string | undefined
    {
      await using agent = here.agent(job)
      await traced(job, agent, 3)
      startTime = (await here.seen(job))!.status.startTime
      agent.signal('SIGKILL')
      await agent.ended
    }
    await using agent = here.agent(job)
    const begun = await agent.until('it traces', () => agent.lines.find(({ kind }) => kind === 'tracing'))
    const elapsedSeconds = (Date.parse(begun.time as string) - Date.parse(startTime!)) / 1000
    expect(begun.durationSeconds).toBeLessThan(10_000)
    expect(begun.durationSeconds).toBeGreaterThanOrEqual(10_000 - elapsedSeconds)
    await here.open('file', 'other')
    await here.said(job, 'all opens are counted', counted(5))
    const durationSeconds = Math.ceil((Date.now() - Date.parse(startTime!)) / 1000) + 2
    await here.adjust(job, { durationSeconds })
    const done = await here.said(job, 'the node has finished', ({ state }) => state === 'Completed')
    expect(done).toMatchObject({ startTime, ledger: { received: 5 }, interruptions: { count: 1 } })
    expect(done.top?.files).toEqual([
      { path: join(here.opened, 'file'), count: 4 },
      { path: join(here.opened, 'other'), count: 1 },
    ])
    expect(ledgerCloses(done.ledger!)).toBe(true)
    expect(done.interruptions!.untracedSeconds).toBeGreaterThan(0)
    expect(done.interruptions!.untracedSeconds).toBeLessThanOrEqual(elapsedSeconds)
    const seconds = (Date.parse(done.endTime!) - Date.parse(startTime!)) / 1000
    expect(seconds).toBeGreaterThanOrEqual(durationSeconds)
    expect(agent.lines.at(-1)).toMatchObject({ kind: 'end', why: 'Deadline' })
  })

  test('after SIGTERM goes on, and had said that it was gone', async () => {
    const job = await here.job('restarted')
    await here.report(job)
    let endTime: string | undefined
    {
      await using agent = here.agent(job)
      await traced(job, agent, 2)
      agent.signal('SIGTERM')
      agent.signal('SIGTERM')
      expect(await agent.ended).toEqual({ code: 0, signal: null })
      expect(agent.lines.at(-1)).toMatchObject({ kind: 'end', why: 'Signal' })
      const { status } = (await here.seen(job))!
      expect(status).toMatchObject({ state: 'Pending', ledger: { received: 2 } })
      expect(ledgerCloses(status.ledger!)).toBe(true)
      endTime = status.endTime
      expect(endTime).toBeDefined()
    }
    await using agent = here.agent(job)
    const status = await here.said(job, 'the node traces', tracing)
    expect(status).toMatchObject({ interruptions: { count: 1 }, ledger: { received: 2 } })
    expect(status.endTime).toBeUndefined()
    expect(agent.lines[0]).not.toHaveProperty('durationSeconds')
  })

  test('after its end only says again what it said', async () => {
    const job = await here.job('ended')
    await here.report(job, { durationSeconds: 1 })
    {
      await using agent = here.agent(job)
      await here.said(job, 'the node has finished', ({ state }) => state === 'Completed')
      agent.signal('SIGKILL')
      await agent.ended
    }
    const before = await here.seen(job)
    await using agent = here.agent(job)
    await agent.logged('the trace has ended')
    agent.signal('SIGTERM')
    expect(await agent.ended).toEqual({ code: 0, signal: null })
    expect(agent.lines).toEqual([])
    expect(await here.seen(job)).toEqual(before)
  })
})

describe('an agent that can not trace', () => {
  test.each([
    [
      'a job it does not understand',
      { spec: { scope: 'Galaxy', colour: 'green' } },
      'Internal',
      'spec.scope',
    ],
    ['a job of another version', { apiVersion: 'tracejob.dev/v9' }, 'Internal', 'v1alpha1'],
    [
      'a program it does not run',
      {
        spec: {
          program: { source: { inline: 'int x;', attach: [{ kprobe: 'f', function: 'f' }], output: 'Perf' } },
        },
      },
      'ProgramUnsupported',
      'openat',
    ],
    [
      'an attach mode that is not to be had here',
      { spec: { attachMode: 'Kprobe' } },
      'AttachFailed',
      'Kprobe',
    ],
  ])('says so: %s', async (what, changed, reason, word) => {
    const job = await here.job(what.replaceAll(' ', '-').toLowerCase())
    await here.report(job)
    const handed = { apiVersion: 'tracejob.dev/v1alpha1', kind: 'TraceJob', ...job, ...changed }
    await using agent = here.agent(job, { TRACEJOB: JSON.stringify(handed) })
    const status = await here.said(job, 'the node has failed', ({ state }) => state === 'Failed')
    expect(status).toEqual({
      state: 'Failed',
      failure: expect.objectContaining({ reason, message: expect.stringContaining(word) }),
    })
    expect(await agent.probed('/readyz')).toBe(503)
    agent.signal('SIGTERM')
    expect(await agent.ended).toEqual({ code: 0, signal: null })
  })

  test('ends at once where it can not even tell whose job it is, and says why', async () => {
    const job = await here.job('nameless')
    await using agent = here.agent(job, { TRACEJOB: '{"metadata":' })
    expect(await agent.ended).toEqual({ code: 1, signal: null })
    expect(agent.log.at(-1)!.msg).toMatch(/the environment can't be used: TRACEJOB: /)
  })
})
