import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, test } from 'vitest'
import { cases } from '../acceptance/cases.ts'
import { runCase, type Setting } from '../acceptance/context.ts'
import { buildOpener } from '../opener/build.ts'

// Tracepoint is the mode that every kernel can do; the matrix runs the same cases in all of them.
const MODE = 'Tracepoint'

describe(`the tracer in ${MODE} mode`, () => {
  let setting: Setting
  beforeAll(async () => {
    const root = await mkdtemp(join(tmpdir(), 'tracejob-kernel-'))
    setting = {
      opener: await buildOpener(),
      scratchRoot: tmpdir(),
      cacheDir: join(root, 'cache'),
      quiet: false,
    }
    return () => rm(root, { recursive: true, force: true })
  })

  test.for(cases.filter(which => which.modes.includes(MODE)))('$name', async which => {
    await runCase(which, MODE, setting)
  })
})
