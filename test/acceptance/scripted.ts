import assert from 'node:assert/strict'
import type { MadeOpen } from '../opener/made.ts'
import type { Context, Details, SpecOverrides } from './case.ts'
import { differences } from './compare.ts'
import { factsOfMade, factsOfSeen } from './facts.ts'
import { assertRight } from './right.ts'

/** Whether an open must be reported, must not be, or may be. */
export type Wanted = 'seen' | 'hidden' | 'either'

/** An OP:VALUE of the opener's script, and what must come of it; nothing where it opens nothing. */
export type Step = readonly [op: string, wanted?: Wanted]

/**
 * Has the opener walk through `steps` under a filter, and holds what was reported against what must be.
 * `@` in an op stands for the scratch directory.
 */
export async function assertReported(
  context: Context,
  filter: NonNullable<SpecOverrides['filter']>,
  steps: readonly Step[],
  comm = context.comm(),
): Promise<Details> {
  const ops = steps.map(([op]) => op.replaceAll('@', context.scratch))
  const opener = await context.opener(['script', ...ops], comm)
  let made: MadeOpen[] = []
  const { events, ledger } = await context.trace({ filter }, async () => {
    made = await opener.made()
  })
  const opening = steps.flatMap(([op, wanted]) => (wanted ? [{ op, wanted }] : []))
  assert.equal(made.length, opening.length, 'each step that opens says what is wanted of it')
  const expected = opening.flatMap(({ op, wanted }, i) =>
    wanted === 'hidden' ? [] : [{ label: op, facts: factsOfMade(made[i]!), optional: wanted === 'either' }],
  )
  const seen = events.filter(event => event.pid === opener.pid).map(factsOfSeen)
  assertRight(differences(expected, seen), ledger, JSON.stringify(filter))
  const hidden = made.length - seen.length
  assert.ok(
    ledger.filtered + ledger.lost + ledger.uncertain >= hidden,
    `${hidden} were left out, so at least as many are counted as filtered or lost`,
  )
  return { seen: seen.length, filtered: ledger.filtered }
}
