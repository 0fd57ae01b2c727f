/** Cases about what is written and what is only counted. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { assertAccountsFor } from './accounts.ts'
import { type AcceptanceCase, type Context, EVERY_MODE } from './case.ts'

const OPENS = 2000
const LINES_PER_SECOND = 10

async function burst(context: Context, output: Record<string, unknown>) {
  const comm = context.comm()
  const path = join(context.scratch, 'none')
  const opener = await context.opener(['burst', `${OPENS}`, '1', path], comm)
  const started = performance.now()
  const traced = await context.trace({ filter: { commands: [comm] }, output }, async () => {
    await opener.counts()
  })
  const { ledger, report } = traced
  assertAccountsFor(OPENS, ledger, context.quiet)
  assert.deepEqual(
    report.top?.files,
    [{ path, count: ledger.received }],
    'what is withheld is in the summary',
  )
  assert.deepEqual(
    report.top?.processes?.map(({ comm, count }) => ({ comm, count })),
    [{ comm, count: ledger.received }],
  )
  return { ...traced, seconds: (performance.now() - started) / 1000 }
}

export const rateLimit: AcceptanceCase = {
  name: 'withholds what exceeds the rate limit, counts it and sums it up',
  modes: EVERY_MODE,
  async run(context) {
    const { ledger, seconds } = await burst(context, { maxEventsPerSecond: LINES_PER_SECOND })
    assert.ok(ledger.logged >= 1, 'some lines are written')
    assert.ok(ledger.logged <= LINES_PER_SECOND * (seconds + 1), `${ledger.logged} lines in ${seconds} s`)
    assert.equal(ledger.withheld, ledger.received - ledger.logged)
    assert.ok(ledger.withheld > 0)
    return { ledger, seconds }
  },
}

export const noEvents: AcceptanceCase = {
  name: 'writes no event where only the summary is wanted',
  modes: EVERY_MODE,
  async run(context) {
    const { ledger } = await burst(context, { events: 'None' })
    assert.equal(ledger.logged, 0)
    assert.equal(ledger.withheld, ledger.received)
    return { ledger }
  },
}

export const idle: AcceptanceCase = {
  name: 'sees its own sentinels and nothing else of its own',
  modes: EVERY_MODE,
  async run(context) {
    const { report, ledger, events } = await context.trace({}, async () => {})
    // More than this, assertSound has looked at: every sentinel came back.
    assert.deepEqual(
      events.filter(event => event.pid === process.pid),
      [],
    )
    if (context.quiet) assert.equal(ledger.observed, 0, 'nobody opened anything')
    return { selfTest: report.selfTest, observed: ledger.observed }
  },
}
