/** Opens that wait inside the kernel, and opens beside them. */
import assert from 'node:assert/strict'
import type { MadeOpen } from '../opener/made.ts'
import { type AcceptanceCase, EVERY_MODE } from './case.ts'
import { compared } from './exact.ts'
import { assertRight } from './right.ts'

export const blocked: AcceptanceCase = {
  name: 'reports opens that wait in a FIFO, and 100 others while 64 wait, or says how many it lost',
  modes: EVERY_MODE,
  async run(context) {
    const opener = await context.opener(['fifo', context.scratch, '64', '100'], context.comm())
    let made: MadeOpen[] = []
    const traced = await context.trace({}, async () => {
      made = await opener.made()
    })
    const missing = compared(made, traced, context, [opener.pid])
    assertRight(missing, traced.ledger)
    const { lost, uncertain, lostBy } = traced.ledger
    // Kretprobes have few instances, and every open that waits holds one. The others keep nothing meanwhile.
    if (context.mode !== 'Kprobe') assert.equal(lost, lostBy.skippedRuns, 'nothing is lost but skipped runs')
    return { missing: missing.length, lost, uncertain }
  },
}
