/** Cases that hold every field of every event against what was made. */
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MadeOpen } from '../opener/made.ts'
import { type AcceptanceCase, type Context, EVERY_MODE, type Traced } from './case.ts'
import { differences } from './compare.ts'
import { factsOfMade, factsOfSeen, isVisible } from './facts.ts'
import { assertRight } from './right.ts'

/** The differences between the opens made and the events of the processes that made them. */
export function compared(made: readonly MadeOpen[], traced: Traced, context: Context, alsoOf: number[] = []) {
  const pids = new Set([...alsoOf, ...made.map(open => open.pid)])
  const expected = made
    .filter(open => isVisible(open, context.mode))
    .map(open => ({ label: open.label, facts: factsOfMade(open) }))
  const seen = traced.events.filter(event => pids.has(event.pid))
  return differences(expected, seen.map(factsOfSeen))
}

const ATTEMPTS = 3

// A loss that is declared is no wrong report, but shows nothing either: then the openers are asked again.
async function exactly(context: Context, args: readonly string[], path: (attempt: number) => string) {
  for (let attempt = 1; ; attempt++) {
    const opener = await context.opener([...args, path(attempt)], context.comm())
    let made: MadeOpen[] = []
    const traced = await context.trace({}, async () => {
      made = await opener.made()
    })
    const { lost, uncertain } = traced.ledger
    if (lost + uncertain > 0 && attempt < ATTEMPTS) continue
    assertRight(compared(made, traced, context, [opener.pid]), traced.ledger)
    return { made, attempts: attempt, lost, uncertain }
  }
}

export const everyKind: AcceptanceCase = {
  name: 'reports every kind of open exactly as it was made',
  modes: EVERY_MODE,
  async run(context) {
    const directories = ['1', '2', '3'].map(name => join(context.scratch, name))
    for (const directory of directories) await mkdir(directory, { mode: 0o755 })
    const { made, ...details } = await exactly(context, ['kinds'], attempt => directories[attempt - 1]!)
    assert.ok(made.length > 100, `${made.length} opens were made`)
    return { opens: made.length, ...details }
  },
}

export const threads: AcceptanceCase = {
  name: 'tells the threads of a process apart',
  modes: EVERY_MODE,
  async run(context) {
    const file = join(context.scratch, 'file')
    await writeFile(file, '')
    const { made, ...details } = await exactly(context, ['threads', '8'], () => file)
    assert.equal(new Set(made.map(open => open.tid)).size, 8)
    assert.ok(made.every(open => open.tid !== open.pid))
    return details
  },
}
