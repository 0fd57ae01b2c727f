import { rm, writeFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { ledgerCloses } from '../../crds/ledger.ts'
import { commandLine, heldBy, KernelObjects } from '../kernel/kernel-objects.ts'
import { until } from '../kernel/poll.ts'
import { type Agent, type Job, Scene } from './agent-scene.ts'

let here: Scene
let kernel: KernelObjects
beforeAll(async () => {
  here = await Scene.open()
  kernel = new KernelObjects(here.root)
  return () => here[Symbol.asyncDispose]()
})

const apiServer = () => here.cluster.components['kube-apiserver']
const opens = (agent: Agent) => agent.events.length
const counted = (received: number) => (status: { ledger?: { received: number } | undefined }) =>
  status.ledger?.received === received

/** A job that is being traced, and whose first open is in the report. */
async function traced(job: Job): Promise<void> {
  await here.said(job, 'the node traces', ({ state }) => state === 'Tracing')
  await here.open('first')
  await here.said(job, 'the open is counted', counted(1))
}

describe('without the API server', () => {
  test.each([
    ['that stands still', () => apiServer().pause(), () => apiServer().resume()],
    ['that was killed', () => apiServer().kill('SIGKILL'), () => apiServer().restart()],
  ])('%s the trace goes on, and the report follows', async (what, take, giveBack) => {
    const job = await here.job(what.replaceAll(' ', '-'))
    await here.report(job)
    await using agent = here.agent(job)
    await traced(job)
    await take()
    for (let open = 2; open <= 6; open++) {
      await here.open('more')
      await agent.until(`open ${open} is in the log`, () => opens(agent) === open)
    }
    // As long as it takes to see that nothing can be written.
    await agent.until('it is told', () => agent.log.find(({ level }) => level >= 40))
    expect(await agent.probed('/healthz')).toBe(200)
    expect(await agent.probed('/readyz')).toBe(200)
    await giveBack()
    await here.cluster.whenReady()
    const status = await here.said(job, 'all opens are in the report', counted(6))
    expect(status).toMatchObject({ state: 'Tracing', ledger: { lost: 0 } })
    expect(status.interruptions).toBeUndefined()
    await here.adjust(job, { durationSeconds: 0 })
    await here.said(job, 'the node has finished', ({ state }) => state === 'Completed')
  })

  test('it waits, and begins when it is there', async () => {
    const job = await here.job('patient')
    await here.report(job)
    await apiServer().kill('SIGKILL')
    await using agent = here.agent(job)
    await agent.until('it has looked for its report', () => agent.log.find(({ level }) => level >= 40))
    expect(await agent.probed('/readyz')).toBe(503)
    await apiServer().restart()
    await here.cluster.whenReady()
    await traced(job)
  })

  test('SIGTERM still detaches at once and ends it; the next agent goes on', async () => {
    const job = await here.job('cut-off')
    await here.report(job)
    {
      await using agent = here.agent(job)
      await traced(job)
      const held = heldBy(agent.pid)
      await apiServer().pause()
      agent.signal('SIGTERM')
      await kernel.gone(held)
      expect(await agent.ended).toEqual({ code: 0, signal: null })
      expect(agent.lines.at(-1)).toMatchObject({ kind: 'end', why: 'Signal' })
      await apiServer().resume()
      await here.cluster.whenReady()
    }
    await using _ = here.agent(job)
    const status = await here.said(job, 'the node traces again', ({ interruptions }) => interruptions)
    expect(status).toMatchObject({ state: 'Tracing', interruptions: { count: 1 }, ledger: { received: 1 } })
    expect(status.interruptions!.untracedSeconds).toBeGreaterThan(0)
  })
})

describe('with a token', () => {
  test('that ends and is replaced, or goes and comes back, it goes on', async () => {
    const job = await here.job('rotated')
    await here.report(job)
    await using agent = here.agent(job)
    await traced(job)
    const refusals = () => agent.log.filter(({ msg }) => msg === 'the report could not be written').length
    await writeFile(here.tokenFile, 'no.such.token')
    // What is remembered is believed until it is refused, so a while may pass.
    await agent.until('it is refused', async () => {
      await here.open('meanwhile')
      return refusals() > 0
    })
    await rm(here.tokenFile)
    await here.newToken()
    const status = await here.said(job, 'all opens are in the report', counted(opens(agent)))
    expect(status.state).toBe('Tracing')
    expect(heldBy(agent.pid).size).toBeGreaterThan(0)
  })
})

describe('with others', () => {
  test('who write over its report, it puts it right', async () => {
    const job = await here.job('meddled')
    await here.report(job)
    await using _ = here.agent(job)
    await traced(job)
    const patch = JSON.stringify({ status: { state: 'Failed', ledger: null } })
    const { metadata } = (await here.seen(job))!
    await here.cluster.kubectl([
      'patch',
      'tr',
      metadata.name,
      '--subresource=status',
      '--type=merge',
      '-p',
      patch,
    ])
    await here.said(job, 'the report is right again', ({ state, ledger }) => state === 'Tracing' && ledger)
  })

  test('who do not read its log, it withholds what there is no room for, and still ends when it is to', async () => {
    const job = await here.job('unread', { output: { maxEventsPerSecond: 1_000_000 } })
    await here.report(job)
    // A pipe of the shell's: those of Node are sockets.
    await using agent = here.agent(job, {}, ['sh', '-c', '"$@" | sleep 600', 'sh'])
    await here.said(job, 'the node traces', ({ state }) => state === 'Tracing')
    const name = 'x'.repeat(200)
    await until('it withholds', async () => {
      await here.open(...Array(1000).fill(name))
      return (await here.seen(job))!.status.ledger?.withheld
    })
    expect(await agent.probed('/healthz')).toBe(200)
    const tracer = agent.processes().find(pid => commandLine(pid).startsWith(process.execPath))!
    const held = heldBy(tracer)
    expect(held.size).toBeGreaterThan(0)
    await here.adjust(job, { durationSeconds: 0 })
    const status = await here.said(job, 'the node has finished', ({ state }) => state === 'Completed')
    expect(ledgerCloses(status.ledger!)).toBe(true)
    await kernel.gone(held)
    process.kill(tracer, 'SIGTERM')
    await until('it has ended', () => !commandLine(tracer).includes('main.ts'))
  })
})
