/** A trace that can't begin: one sentence with what to do, code 1, and nothing left. */
import { join } from 'node:path'
import { expect } from 'vitest'
import { Command, EXAMPLES } from './command.ts'
import type { Ground } from './ground.ts'
import { condition, readReport } from './report.ts'

const JOB = join(EXAMPLES, 'until-stopped.yaml')

export interface Refused {
  /** What comes before `run`. */
  command: string[]
  words?: string[]
  env?: NodeJS.ProcessEnv
  reason: string
  /** The one sentence and what to do. */
  says: RegExp
  /** What others said, below it. */
  shows?: RegExp
}

/** Runs it, and holds it to one sentence, code 1, a report that says why, and nothing left. */
export async function expectRefused(
  { kernel, cacheDir, place }: Ground,
  name: string,
  { command, words = [], env, reason, says, shows }: Refused,
) {
  const before = kernel.all()
  const report = join(await place(`refused ${name}`), 'report.yaml')
  await using run = new Command([...command, 'run', JOB, '--report', report, ...words], {
    env: { TRACEJOB_CACHE_DIR: cacheDir, ...env },
  })
  const ended = await run.ended
  expect([ended.code, run.stdout], run.stderr).toEqual([1, ''])
  const [sentence, ...below] = run.stderr.trimEnd().split('\n')
  expect(sentence).toMatch(/^tracejob: [^\n]+\. [A-Z`][^\n]+\.$/)
  expect(sentence).toMatch(says)
  expect(below.filter(line => !line.startsWith('    '))).toEqual([])
  if (shows) expect(below.join('\n')).toMatch(shows)
  else expect(below).toEqual([])

  const finished = readReport(report)
  expect(finished.report.status).toMatchObject({ state: 'Failed', failure: { reason } })
  expect(finished.job.status).toMatchObject({ state: 'Failed', nodes: { failed: 1 }, failures: [{ reason }] })
  expect(condition(finished, 'Failed')).toBe('True')
  expect(condition(finished, 'Complete')).toBe('False')
  expect(condition(finished, 'Lossless')).toBe('Unknown')

  await kernel.noOrphans(before)
  expect(run.processes()).toEqual([])
}
