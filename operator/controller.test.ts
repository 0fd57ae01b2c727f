import { pino } from 'pino'
import { expect, test } from 'vitest'
import { FakeClock, settled } from '../kube/clock.fake.ts'
import { type Changes, Controller, type Outcome, type WakeUp } from './controller.ts'

const DONE: Outcome = { failed: false }

/** A controller at work on these jobs, whose reconciles do what the test says. */
async function controller(
  jobs: string[],
  reconcile: (key: string) => Promise<Outcome>,
  workers = 4,
  random = () => 0,
) {
  const clock = new FakeClock()
  const abort = new AbortController()
  const results: string[] = []
  const reconciled: string[] = []
  let wakeUp: WakeUp = () => {}
  const changes: Changes = {
    keys: () => jobs,
    on(listener) {
      wakeUp = listener
      return { [Symbol.dispose]: () => (wakeUp = () => {}) }
    },
  }
  const made = new Controller({
    reconcile: key => {
      reconciled.push(key)
      return reconcile(key)
    },
    changes,
    workers,
    counts: { reconciled: result => results.push(result), added() {}, retried() {}, taken() {} },
    log: pino({ level: 'silent' }),
    clock,
    random,
  })
  const ended = made.run(abort.signal)
  await settled()
  return {
    clock,
    results,
    reconciled,
    wakeUp: (key: string, afterMs = 0) => wakeUp(key, afterMs),
    async stop() {
      abort.abort()
      await ended
    },
    async [Symbol.asyncDispose]() {
      abort.abort()
      await ended
    },
  }
}

/** Work that lasts until the test says so. */
function slow() {
  const waiting = new Map<string, () => void>()
  const begun: string[] = []
  return {
    begun,
    work: (key: string) =>
      new Promise<Outcome>(resolve => {
        begun.push(key)
        waiting.set(key, () => resolve(DONE))
      }),
    async finish(key: string) {
      waiting.get(key)?.()
      await settled()
    },
  }
}

test('every job there is comes first', async () => {
  await using work = await controller(['a/1', 'a/2'], async () => DONE)
  expect(work.reconciled).toEqual(['a/1', 'a/2'])
})

test('chance says in which order: whoever is last is so only this time', async () => {
  const chances = [0.9, 0.1, 0.5]
  await using controlled = await controller(
    ['a', 'b', 'c'],
    async () => DONE,
    1,
    () => chances.shift()!,
  )
  expect(controlled.reconciled).toEqual(['b', 'c', 'a'])
})

test('several jobs at once, as many as there are workers', async () => {
  const { work, begun, finish } = slow()
  await using _ = await controller(['a', 'b', 'c'], work, 2)
  expect(begun).toEqual(['a', 'b'])
  await finish('a')
  expect(begun).toEqual(['a', 'b', 'c'])
  await finish('b')
  await finish('c')
})

test('never two of one job: what changes meanwhile makes it come once more', async () => {
  const { work, begun, finish } = slow()
  await using controlled = await controller(['a'], work)
  controlled.wakeUp('a')
  controlled.wakeUp('a')
  await settled()
  expect(begun).toEqual(['a'])
  await finish('a')
  expect(begun).toEqual(['a', 'a'])
  await finish('a')
  expect(begun).toEqual(['a', 'a'])
})

test('a flood of reports is a few reconciles', async () => {
  await using controlled = await controller(['a'], async () => DONE)
  for (let tenth = 0; tenth < 100; tenth++) {
    for (let report = 0; report < 50; report++) controlled.wakeUp('a', 1000)
    await controlled.clock.pass(100)
  }
  expect(controlled.reconciled.length).toBeGreaterThan(9)
  expect(controlled.reconciled.length).toBeLessThan(13)
})

test('comes again when time alone will have changed something', async () => {
  let rounds = 0
  await using controlled = await controller(['a'], async () =>
    ++rounds < 3 ? { failed: false, againInMs: 30_000 } : DONE,
  )
  await controlled.clock.pass(29_000)
  expect(rounds).toBe(1)
  await controlled.clock.pass(600_000)
  expect(rounds).toBe(3)
})

test('a reconcile that throws is tried again, later each time, and holds up nobody', async () => {
  await using controlled = await controller(
    ['bad', 'good'],
    async key => {
      if (key === 'bad') throw new Error('poison')
      return DONE
    },
    1,
  )
  await controlled.clock.pass(3_600_000)
  expect(controlled.reconciled.filter(key => key === 'good')).toHaveLength(1)
  const tries = controlled.reconciled.filter(key => key === 'bad').length
  // 13 on the way to half a minute, and then two a minute.
  expect(tries).toBeGreaterThan(120)
  expect(tries).toBeLessThan(140)
  expect(controlled.results.filter(result => result === 'threw')).toHaveLength(tries)
})

test('so is one of which an action failed, until it has succeeded', async () => {
  let rounds = 0
  await using controlled = await controller(['a'], async () => ({ failed: ++rounds < 4 }))
  await controlled.clock.pass(1000)
  expect(controlled.results).toEqual(['failed', 'failed', 'failed', 'done'])
})

test('when the lead is lost, what is being done is awaited and nothing more is begun', async () => {
  const { work, begun, finish } = slow()
  const controlled = await controller(['a', 'b'], work, 1)
  let hasStopped = false
  const stopped = controlled.stop().then(() => (hasStopped = true))
  await settled()
  expect(hasStopped).toBe(false)
  await finish('a')
  await stopped
  controlled.wakeUp('c')
  expect(begun).toEqual(['a'])
})

test('what fails because the lead was lost is no failure', async () => {
  const abort = Promise.withResolvers<Outcome>()
  const controlled = await controller(['a'], () => abort.promise)
  const stopped = controlled.stop()
  abort.reject(new Error('aborted'))
  await stopped
  expect(controlled.results).toEqual([])
})
