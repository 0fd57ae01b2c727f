/**
 * Runs the cases by plain node, for a machine that has nothing else: a guest of the kernel matrix.
 *
 *   node guest.ts --opener FILE [--modes Fexit,Kprobe,Tracepoint] [--cases PART-OF-NAME]
 *                 [--scratch DIR] [--cache DIR] [--busy]
 *
 * Prints what Auto takes here, {auto: fexit | kprobe.multi | …}, then one JSON line a case: {mode, case, ok, milliseconds, details?, error?}. Exits with 1 if one failed.
 * `--busy` says that other programs run here too, whose opens are counted beside ours.
 */
import { writeSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { TraceFailure } from '../../agent/failure.ts'
import { tryModes } from '../../agent/try-modes.ts'
import { type AttachMode, attachModeSchema } from '../../crds/attach-mode.ts'
import { type AcceptanceCase, EVERY_MODE } from './case.ts'
import { cases } from './cases.ts'
import { runCase, type Setting } from './context.ts'

const { values } = parseArgs({
  options: {
    opener: { type: 'string' },
    modes: { type: 'string', default: EVERY_MODE.join(',') },
    cases: { type: 'string', default: '' },
    scratch: { type: 'string', default: '/tmp' },
    cache: { type: 'string', default: join(homedir(), '.cache/tracejob') },
    busy: { type: 'boolean', default: false },
  },
})
if (!values.opener) throw new Error('--opener FILE is missing')

const setting: Setting = {
  opener: values.opener,
  scratchRoot: values.scratch,
  cacheDir: values.cache,
  quiet: !values.busy,
}
const modes = values.modes.split(',').map(mode => attachModeSchema.parse(mode))

// By writeSync, for a guest is switched off as soon as this ends.
function say(line: Record<string, unknown>) {
  writeSync(1, JSON.stringify(line) + '\n')
}

// The verifier's and clang's words are of use only at their end.
function wordsOf(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const detail = error instanceof TraceFailure ? `\n${error.detail?.slice(-4096) ?? ''}` : ''
  return text.slice(0, 16_384) + detail
}

type Outcome = 'right' | 'wrong' | 'no trace'

async function outcome(which: AcceptanceCase, mode: AttachMode): Promise<Outcome> {
  const started = performance.now()
  const said = { mode, case: which.name }
  const milliseconds = () => Math.round(performance.now() - started)
  try {
    const details = await runCase(which, mode, setting)
    say({ ...said, ok: true, milliseconds: milliseconds(), details })
    return 'right'
  } catch (error) {
    say({ ...said, ok: false, milliseconds: milliseconds(), error: wordsOf(error) })
    return error instanceof TraceFailure ? 'no trace' : 'wrong'
  }
}

/** How many of the cases failed. A mode that can't even be attached fails once. */
async function failuresIn(mode: AttachMode): Promise<number> {
  let failed = 0
  for (const which of cases) {
    if (!which.modes.includes(mode) || !which.name.includes(values.cases)) continue
    const came = await outcome(which, mode)
    if (came !== 'right') failed++
    if (came === 'no trace') break
  }
  return failed
}

const first = (await tryModes(setting.cacheDir)).find(trial => trial.ok)
say({ auto: first?.by ?? null })

let failed = 0
for (const mode of modes) failed += await failuresIn(mode)
process.exitCode = failed > 0 ? 1 : 0
