/** Every acceptance case, in every attach mode, on every kernel of the matrix. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { compile } from '../../agent/compile.ts'
import { cases } from '../acceptance/cases.ts'
import { buildOpener } from '../opener/build.ts'
import { GuestPanicked } from './failures.ts'
import { type Kernel, kernels } from './kernels.ts'
import { type GuestRun, runInGuest } from './qemu.ts'

const cache = join(homedir(), '.cache/tracejob')
const opener = '/opener'
/** The order of least loss: where programs may be preempted, kprobe.multi. */
const autoTakes = { '5.10': 'fexit', '6.1': 'fexit', '6.12': 'fexit', newest: 'kprobe.multi' } as const
/** A guest is mostly busy on one of its two CPUs, and so two of them fit on two cores. */
const AT_ONCE = 2

interface Outcome {
  mode: string
  case: string
  ok: boolean
  error?: string
}

const runs = new Map<Kernel['name'], Promise<GuestRun>>()

async function traceAll(kernel: Kernel): Promise<GuestRun> {
  await compile(cache)
  const guest = {
    kernel,
    script: 'test/acceptance/guest.ts',
    args: ['--opener', opener],
    files: { [opener]: await buildOpener() },
    cacheDir: join(cache, 'objects'),
    timeoutSeconds: 800,
  }
  return runInGuest(guest).catch(error => {
    // Emulated with two threads, about one boot in ten oopses before it comes to us.
    if (error instanceof GuestPanicked && error.lines.length === 0) return runInGuest(guest)
    throw error
  })
}

beforeAll(() => {
  const waiting = [...kernels]
  const next = async (): Promise<void> => {
    const kernel = waiting.shift()
    if (!kernel) return
    const run = traceAll(kernel)
    runs.set(kernel.name, run)
    await run.catch(() => undefined)
    await next()
  }
  return Promise.all(Array.from({ length: AT_ONCE }, next))
}, 2_000_000)

describe.each(kernels.map(kernel => kernel.name))('on kernel %s', name => {
  const outcomes = async () => {
    const run = await runs.get(name)!
    return { run, said: run.lines.map(line => JSON.parse(line)) as (Outcome & { auto?: string })[] }
  }

  test(`Auto takes ${autoTakes[name]}`, async () => {
    const { said, run } = await outcomes()
    expect(said[0]?.auto, run.consoleTail).toBe(autoTakes[name])
  })

  for (const { name: sentence, modes } of cases) {
    test.each([...modes])(`${sentence}, in %s mode`, async mode => {
      const { said, run } = await outcomes()
      const outcome = said.find(line => line.mode === mode && line.case === sentence)
      expect(outcome, run.consoleTail).toBeDefined()
      expect(outcome!.ok, outcome!.error).toBe(true)
    })
  }
})
