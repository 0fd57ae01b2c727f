/** Cases about many opens at once: nothing may go uncounted. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningTrace } from '../../agent/trace.ts'
import { isLossless } from '../../crds/ledger.ts'
import { assertAccountsFor } from './accounts.ts'
import { type AcceptanceCase, EVERY_MODE } from './case.ts'

const OPENERS = 4
const OPENS_EACH = 5000

export const fourOpeners: AcceptanceCase = {
  name: 'accounts for every open of four openers at once',
  modes: EVERY_MODE,
  async run(context) {
    const comm = context.comm()
    const path = join(context.scratch, 'file')
    const opener = await context.opener(['script', `c:${path}`], comm)
    await opener.made()
    const burst = await context.opener(['burst', `${OPENS_EACH}`, `${OPENERS}`, path, '--mix'], comm)
    let counts: Awaited<ReturnType<typeof burst.counts>> = []
    const { events, ledger } = await context.trace({ filter: { commands: [comm] } }, async () => {
      counts = await burst.counts()
    })
    assertAccountsFor(OPENERS * OPENS_EACH, ledger, context.quiet)
    assert.equal(ledger.withheld, 0)
    for (const { pid, opened, failed } of counts) {
      const own = events.filter(event => event.pid === pid)
      const found = own.filter(event => event.path === path && event.fd !== undefined).length
      const missed = own.filter(event => event.path === `${path}.missing` && event.error === 'ENOENT').length
      assert.equal(found + missed, own.length, 'every event says what its open did')
      assert.ok(found <= opened && missed <= failed, 'no open is reported twice')
      if (ledger.lost + ledger.uncertain === 0) assert.deepEqual([found, missed], [opened, failed])
    }
    return { ledger, opensPerSecond: Math.round(counts.reduce((sum, count) => sum + (count.rate ?? 0), 0)) }
  },
}

const WHILE_STOPPED = 20_000
const STOPPED_SECONDS = 2
const AFTERWARDS = 100

// A long name, so that few opens fill the rings.
function longMissingName(directory: string): string {
  const name = 'n'.repeat(250)
  return directory + `/${name}`.repeat(Math.floor((4000 - directory.length) / 251))
}

/** Until nothing more has arrived for a while. */
async function drained(running: RunningTrace): Promise<void> {
  for (let before = -1; ; ) {
    const { received } = running.progress().ledger
    if (received === before) return
    before = received
    await sleep(300)
  }
}

export const stopped: AcceptanceCase = {
  name: 'goes on after being stopped during a burst, and says what it lost',
  modes: EVERY_MODE,
  async run(context) {
    assert.notEqual(process.pid, 1, 'process 1 can not be stopped: start this from an init')
    const comm = context.comm()
    const path = longMissingName(context.scratch)
    const stop = await context.opener(
      ['stop', `${process.pid}`, `${STOPPED_SECONDS}`, `${WHILE_STOPPED}`, path],
      comm,
    )
    const after = await context.opener(['burst', `${AFTERWARDS}`, '1', `${context.scratch}/none`], comm)
    const { events, ledger, lines } = await context.trace({ filter: { commands: [comm] } }, async running => {
      await stop.counts()
      await drained(running)
      await after.counts()
    })
    assertAccountsFor(WHILE_STOPPED + AFTERWARDS, ledger, context.quiet)
    assert.ok(ledger.lostBy.ringFull > 0, `the rings were full: ${JSON.stringify(ledger)}`)
    assert.equal(isLossless(ledger), false)
    assert.ok(
      lines.some(line => line.kind === 'loss'),
      'a line says that opens were lost',
    )
    const seenAfter = events.filter(event => event.pid !== stop.pid).length
    const skipped = ledger.lost - ledger.lostBy.ringFull + ledger.uncertain
    assert.ok(seenAfter + skipped >= AFTERWARDS, `${seenAfter} of ${AFTERWARDS} seen after it went on`)
    return { ledger }
  },
}
