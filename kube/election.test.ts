import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aServer, never, secondsUntil } from './candidates.fake.ts'
import { refused } from './lease.fake.ts'

test('never two at the same time, whatever happens', async () => {
  const names = ['a', 'b', 'c'] as const
  const step = fc.record({
    does: fc.constantFrom('cut', 'lose', 'late', 'fail', 'heal', 'heal', 'stop', 'replace', 'kill'),
    of: fc.constantFrom(...names),
    seconds: fc.integer({ min: 0, max: 20 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
      const { clock, server, start } = aServer()
      const processes = new Map(names.map(name => [name, start(name)]))
      const alive = new Set(processes.values())
      for (const { does, of, seconds } of steps) {
        const process = processes.get(of)!
        const { client } = process
        if (does === 'cut') process.cut()
        if (does === 'fail') client.fault = async verb => Promise.reject(refused(verb, 'InternalError'))
        if (does === 'lose')
          client.fault = async (_verb, act) => {
            act()
            await never()
          }
        if (does === 'late')
          client.fault = async (_verb, act) => {
            clock.after(seconds * 1000, () => attempt(act))
            await never()
          }
        if (does === 'heal') {
          client.fault = undefined
          client.watchIsDeaf = false
        }
        if (does === 'stop') process.stop()
        if (does === 'kill') {
          process.cut()
          alive.delete(process)
          processes.set(of, start(process.identity))
        }
        if (does === 'replace') {
          process.abort.abort()
          processes.set(of, start(`${process.identity}+`))
        }
        alive.add(processes.get(of)!)
        for (let half = 0; half <= seconds * 2; half++) {
          expect([...alive].filter(({ elector }) => elector.isLeader).length).toBeLessThanOrEqual(1)
          for (const { elector, terms } of alive)
            if (!elector.mayWrite()) expect(terms.every(({ aborted }) => aborted)).toBe(true)
          await clock.pass(500)
        }
        await process.wake()
      }
      for (const { client } of alive) client.fault = undefined
      await secondsUntil(clock, () => [...processes.values()].some(({ elector }) => elector.isLeader))
      for (const { abort } of processes.values()) abort.abort()
      await clock.pass(10_000)
      expect(server.lease?.spec?.holderIdentity).toBe('')
    }),
    { numRuns: 40 },
  )
})

/** Nobody is there any more to hear how it went. */
function attempt(act: () => unknown): void {
  try {
    act()
  } catch {
    // Refused.
  }
}
