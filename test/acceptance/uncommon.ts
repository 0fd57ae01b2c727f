/** Ways of opening a file that many tracers do not see. */
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CALLS, type CoveredCall } from '../../crds/calls.ts'
import type { OpenEvent } from '../../crds/event.ts'
import { isMade, type MadeOpen, type OpenerLine } from '../opener/made.ts'
import { type AcceptanceCase, EVERY_MODE, type Traced, type WaitingOpener } from './case.ts'
import { differences } from './compare.ts'
import { type Facts, factsOfMade, factsOfSeen } from './facts.ts'
import { assertRight } from './right.ts'

interface Way {
  subcommand: string
  covered: CoveredCall
  /** Fields of which the tracer must be right; the others it can't know. */
  compared: readonly string[] | 'all'
  mine(open: { call: string; compat?: boolean | undefined }): boolean
}

const ways: readonly Way[] = [
  { subcommand: 'compat', covered: 'compat32', compared: 'all', mine: open => open.compat === true },
  {
    subcommand: 'uring',
    covered: 'io_uring',
    compared: ['call', 'path', 'pid', 'ppid', 'uid', 'gid', 'outcome'],
    mine: open => open.call === 'io_uring',
  },
  {
    subcommand: 'exec',
    covered: 'exec',
    compared: ['call', 'path', 'pid', 'ppid', 'uid', 'gid', 'comm', 'outcome'],
    mine: open => open.call === 'exec',
  },
  {
    subcommand: 'byhandle',
    covered: 'openByHandleAt',
    compared: ['call', 'pid', 'tid', 'uid', 'comm', 'result'],
    mine: open => open.call === 'openByHandleAt',
  },
]

// Where no descriptor is known, at least whether there was an error is.
function only(way: Way, facts: Facts): Facts {
  if (way.compared === 'all') return facts
  const outcome = typeof facts.result === 'string' && facts.result !== 'nothing' ? facts.result : 'success'
  const all: Facts = { ...facts, outcome }
  return Object.fromEntries(Object.entries(all).filter(([field]) => way.compared.includes(field)))
}

function check(way: Way, lines: readonly OpenerLine[], pid: number, traced: Traced): string {
  const made = lines.filter(isMade)
  const pids = new Set([pid, ...made.map(open => open.pid)])
  const seen = traced.events.filter(event => pids.has(event.pid))
  const coverage = traced.report.coverage?.[way.covered]
  assert.ok(coverage, `the report says whether ${way.covered} is traced`)
  const ours = seen.filter(event => way.mine(event))
  if (coverage.state !== 'Traced') {
    assert.ok(coverage.reason, `the report says why ${way.covered} is not traced`)
    assert.deepEqual(ours, [], `no ${way.covered} is reported in a mode that does not trace it`)
  } else {
    assertRight(compareWay(way, made, ours), traced.ledger, way.covered)
  }
  assertRight(plain(way, made, seen), traced.ledger, `the other opens of ${way.subcommand}`)
  return lines.some(line => 'unavailable' in line) ? `${coverage.state}, not on this machine` : coverage.state
}

function compareWay(way: Way, made: readonly MadeOpen[], seen: readonly OpenEvent[]): string[] {
  const expected = made
    .filter(open => way.mine(open))
    .map(open => ({ label: open.label, facts: only(way, factsOfMade(open)) }))
  return differences(
    expected,
    seen.map(event => only(way, factsOfSeen(event))),
  )
}

// What the same processes open in the common way is reported as ever, and nothing is reported in its place.
function plain(way: Way, made: readonly MadeOpen[], seen: readonly OpenEvent[]): string[] {
  const expected = made
    .filter(open => !way.mine(open))
    .map(open => ({ label: open.label, facts: factsOfMade(open) }))
  return differences(expected, seen.filter(event => !way.mine(event)).map(factsOfSeen))
}

export const uncommonWays: AcceptanceCase = {
  name: 'sees opens of 32-bit programs, of io_uring, of exec and by handle, or says that it does not',
  modes: EVERY_MODE,
  async run(context) {
    const openers: { way: Way; opener: WaitingOpener }[] = []
    for (const way of ways) {
      const directory = join(context.scratch, way.subcommand)
      await mkdir(directory)
      openers.push({ way, opener: await context.opener([way.subcommand, directory], context.comm()) })
    }
    const outcomes: { way: Way; lines: OpenerLine[]; pid: number }[] = []
    const traced = await context.trace({}, async () => {
      for (const { way, opener } of openers) {
        outcomes.push({ way, lines: await opener.lines(), pid: opener.pid })
      }
    })
    for (const call of CALLS) {
      const coverage = traced.report.coverage?.[call]
      assert.ok(coverage, `the report says whether ${call} is traced`)
      assert.ok(coverage.state === 'Traced' || coverage.reason, `and why ${call} is not`)
    }
    for (const call of ['open', 'openat', 'openat2', 'creat'] as const) {
      if (process.arch === 'x64') assert.equal(traced.report.coverage?.[call]?.state, 'Traced', call)
    }
    return Object.fromEntries(
      outcomes.map(({ way, lines, pid }) => [way.covered, check(way, lines, pid, traced)]),
    )
  },
}
