import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { Command, EXAMPLES, TRACEJOB } from './command.ts'
import type { Holding } from './fifty.ts'
import { type Ground, ground } from './ground.ts'
import { heldBy } from './kernel-objects.ts'

const TIMES = 50
/** By then what is made once and kept (compiled code, caches, the heap's usual size) has been made. */
const WARM = 20
/** A verifier log that stays is 1 MiB a trace, a ring that was written to 4 MiB. */
const GROWTH_BYTES = (TIMES - WARM) * 2 ** 19

let here: Ground
beforeAll(async () => {
  here = await ground()
  return () => here[Symbol.asyncDispose]()
})

const holdings = (command: Command): Holding[] => command.lines.map(line => line as unknown as Holding)

test('fifty traces in one process leave nothing behind', { timeout: 900_000 }, async () => {
  const script = join(import.meta.dirname, 'fifty.ts')
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', '--expose-gc']
  await using tracer = new Command([...node, script, String(TIMES), here.cacheDir], { input: null })
  for (let done = 1; done <= TIMES; done++) {
    await tracer.until(`${done} of ${TIMES} traces`, () => holdings(tracer).length >= done)
  }
  const all = holdings(tracer)
  for (const { during, after, mapped } of all) {
    expect(new Set(during.map(name => name.split(' ')[0]))).toEqual(new Set(['program', 'link', 'map']))
    expect(after).toEqual([])
    expect(mapped.during).toBeGreaterThan(0)
    expect(mapped.after).toBe(0)
  }
  // The kernel itself, while the process still lives.
  await here.kernel.gone(all.flatMap(({ during }) => during))
  expect(tracer.processes()).toEqual([tracer.pid])

  // The first trace opens what Node and koffi keep for good.
  expect(all.at(-1)!.descriptors).toBeLessThanOrEqual(all[0].descriptors)
  expect(all.at(-1)!.resident - all[WARM - 1].resident).toBeLessThan(GROWTH_BYTES)

  tracer.closeInput()
  expect(await tracer.ended).toEqual({ code: 0, signal: null })
})

test('kill -9 leaves no probe and no process behind', async () => {
  const before = here.kernel.all()
  await using trace = new Command([TRACEJOB, 'run', join(EXAMPLES, 'until-stopped.yaml')], {
    env: { TRACEJOB_CACHE_DIR: here.cacheDir },
  })
  await trace.tracing()
  const held = heldBy(trace.pid)
  expect([...held].filter(name => /^(program|link) /.test(name)).length).toBeGreaterThan(1)
  const all = here.kernel.all()
  expect([...held].filter(name => !all.has(name))).toEqual([]) // so the kernel would tell
  trace.signal('SIGKILL')
  expect(await trace.ended).toEqual({ code: null, signal: 'SIGKILL' })
  await here.kernel.gone(held)
  await here.kernel.noOrphans(before)
  expect(trace.processes()).toEqual([])
})
