import { randomInt } from 'node:crypto'
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AttachMode } from '../../crds/attach-mode.ts'
import { isBurst, isMade } from '../opener/made.ts'
import { startOpener } from '../opener/start.ts'
import type { AcceptanceCase, Context, Details, WaitingOpener } from './case.ts'
import { traceWhile } from './trace.ts'

export interface Setting {
  opener: string
  /** Scratch directories are made in it; every user must be able to get there. */
  scratchRoot: string
  /** Where compiled programs are kept. */
  cacheDir: string
  quiet: boolean
}

/** Runs one case in a directory and with openers of its own; nothing of them is left afterwards. */
export async function runCase(which: AcceptanceCase, mode: AttachMode, setting: Setting): Promise<Details> {
  await using stack = new AsyncDisposableStack()
  const scratch = await realpath(await mkdtemp(join(setting.scratchRoot, 'tracejob-acceptance-')))
  stack.defer(() => rm(scratch, { recursive: true, force: true }))
  // The opener also opens as a user who is nobody.
  await chmod(scratch, 0o755)
  const context: Context = {
    mode,
    quiet: setting.quiet,
    scratch,
    comm: () => `tj-${randomInt(2 ** 40).toString(36)}`,
    async opener(args, comm) {
      return waiting(stack.use(await startOpener(setting.opener, args, comm)))
    },
    trace: (spec, during) => traceWhile(mode, spec, setting.cacheDir, during),
  }
  return await which.run(context)
}

function waiting(opener: Awaited<ReturnType<typeof startOpener>>): WaitingOpener {
  return {
    pid: opener.pid,
    lines: () => opener.go(),
    made: async () => (await opener.go()).filter(isMade),
    counts: async () => (await opener.go()).filter(isBurst),
  }
}
