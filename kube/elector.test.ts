import { describe, expect, test, vi } from 'vitest'
import { aServer, log, never, obedient, secondsUntil } from './candidates.fake.ts'
import { Elector, type ElectorOptions } from './elector.ts'
import { FakeLeases, refused } from './lease.fake.ts'
import { LeaseLost } from './term.ts'

describe('one alone', () => {
  test('makes the Lease, leads, renews every two seconds, and releases it at the end', async () => {
    const { clock, server, start } = aServer()
    const a = start('a')
    expect(a.elector.isLeader).toBe(false)
    await clock.pass(0)
    expect([a.elector.isLeader, a.elector.mayWrite(), a.elector.leader]).toEqual([true, true, 'a'])
    await clock.pass(60_000)
    expect(server.requests.filter(verb => verb === 'update').length).toBe(30)
    expect(a.terms[0].aborted).toBe(false)
    a.abort.abort()
    expect(await a.ended).toBe('ended')
    expect(server.lease?.spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 })
    expect([a.elector.isLeader, a.elector.mayWrite(), clock.waiting]).toEqual([false, false, 0])
  })

  test('goes on at once after a restart with the same identity', async () => {
    const { clock, server, start } = aServer()
    const before = start('a')
    await clock.pass(5000)
    before.cut()
    const after = start('a')
    await clock.pass(0)
    expect(after.elector.isLeader).toBe(true)
    expect(server.lease?.spec?.leaseTransitions).toBe(0)
  })

  test('tries again until the API server lets it', async () => {
    const { clock, start } = aServer()
    const a = start('a')
    a.client.fault = async verb => Promise.reject(refused(verb, 'InternalError'))
    await clock.pass(30_000)
    expect(a.elector.isLeader).toBe(false)
    a.client.fault = undefined
    expect(await secondsUntil(clock, () => a.elector.isLeader)).toBeLessThanOrEqual(4.4)
  })

  test('ends when it is told to before it ever leads', async () => {
    const { clock, start } = aServer()
    const a = start('a')
    a.client.fault = never
    await clock.pass(1000)
    a.abort.abort()
    await clock.pass(3000) // it may be ours: it looks, as long as it may
    expect(await a.ended).toBe('ended')
    expect([a.terms, clock.waiting]).toEqual([[], 0])
  })

  test('releases also what it got only as it was told to end', async () => {
    const { clock, server, start } = aServer()
    const a = start('a')
    a.client.fault = async (verb, act) => {
      if (verb !== 'create') return
      act()
      await never()
    }
    await clock.pass(1000)
    expect(server.lease?.spec?.holderIdentity).toBe('a')
    a.abort.abort()
    await a.ended
    expect(server.lease?.spec?.holderIdentity).toBe('')
  })
})

describe('two', () => {
  const aPair = async () => {
    const all = aServer()
    const a = all.start('a')
    await all.clock.pass(0)
    const b = all.start('b')
    await all.clock.pass(5000)
    expect([a.elector.isLeader, b.elector.isLeader, b.elector.leader]).toEqual([true, false, 'a'])
    return { ...all, a, b }
  }

  test('the second hardly asks while it hears of the first by its watch', async () => {
    const { clock, server } = await aPair()
    server.requests.length = 0
    await clock.pass(60_000)
    expect(server.requests.filter(verb => verb === 'get').length).toBeLessThanOrEqual(30)
    expect(server.requests).not.toContain('watch')
  })

  test('the second leads at once when the first releases, and counts the transition', async () => {
    const { clock, server, a, b } = await aPair()
    a.abort.abort()
    await clock.pass(0)
    expect([a.elector.isLeader, b.elector.isLeader]).toEqual([false, true])
    expect(server.lease?.spec?.leaseTransitions).toBe(1)
  })

  test('also when both began together, and the first was just faster', async () => {
    const { clock, start } = aServer()
    const [a, b] = [start('a'), start('b')]
    await clock.pass(500)
    expect([a.elector.isLeader, b.elector.isLeader, b.elector.leader]).toEqual([true, false, 'a'])
    a.abort.abort()
    await clock.pass(0)
    expect(b.elector.isLeader).toBe(true)
  })

  test('the first is no leader any more while it waits for the answer to its release', async () => {
    const { clock, a, b } = await aPair()
    a.client.fault = async (_verb, act) => {
      act()
      await never()
    }
    a.abort.abort()
    await clock.pass(0)
    expect([a.elector.isLeader, a.elector.mayWrite(), b.elector.isLeader]).toEqual([false, false, true])
  })

  test('also when the Lease is deleted by hand, and then the first leads no more', async () => {
    const { clock, server, a, b } = await aPair()
    server.remove()
    await clock.pass(0)
    expect(b.elector.isLeader).toBe(true)
    await clock.pass(2000)
    expect([a.elector.isLeader, a.terms[0].aborted]).toEqual([false, true])
  })

  test('within 4.4 s when its watch is deaf', async () => {
    const { clock, a, b } = await aPair()
    b.client.watchIsDeaf = true
    a.abort.abort()
    expect(await secondsUntil(clock, () => b.elector.isLeader)).toBeLessThanOrEqual(4.4)
  })

  test('a watch that is found deaf is made anew', async () => {
    const { clock, server, b } = await aPair()
    b.client.watchIsDeaf = true
    server.requests.length = 0
    await clock.pass(10_000)
    expect(server.requests).toContain('watch')
  })

  test('a watch that is refused does no harm', async () => {
    const { clock, start } = aServer()
    const a = start('a')
    await clock.pass(0)
    const b = start('b')
    b.client.fault = async verb => {
      if (verb === 'watch') throw refused('watch', 'InternalError')
    }
    await clock.pass(20_000)
    expect([a.elector.isLeader, b.elector.isLeader]).toEqual([true, false])
    a.abort.abort()
    expect(await secondsUntil(clock, () => b.elector.isLeader)).toBeLessThanOrEqual(4.4)
  })

  test('the second leads within 15 s when the first dies', async () => {
    const { clock, a, b } = await aPair()
    a.cut()
    const seconds = await secondsUntil(clock, () => b.elector.isLeader)
    expect(seconds).toBeGreaterThan(12.9)
    expect(seconds).toBeLessThanOrEqual(15.1)
  })

  test('the first stops five seconds before, when it is cut off', async () => {
    const { clock, a, b } = await aPair()
    a.cut()
    expect(await secondsUntil(clock, () => a.terms[0].aborted)).toBeLessThanOrEqual(10)
    expect(a.terms[0].reason).toBeInstanceOf(LeaseLost)
    expect([a.elector.isLeader, a.elector.mayWrite()]).toEqual([false, false])
    expect(await secondsUntil(clock, () => b.elector.isLeader)).toBeGreaterThan(4)
  })

  test('and waits for its turn when it is back', async () => {
    const { clock, a, b } = await aPair()
    a.cut()
    await secondsUntil(clock, () => b.elector.isLeader)
    a.client.fault = undefined
    await clock.pass(60_000)
    expect([a.elector.isLeader, a.elector.leader, a.terms.length]).toEqual([false, 'b', 1])
    b.abort.abort()
    expect(await secondsUntil(clock, () => a.elector.isLeader)).toBeLessThanOrEqual(4.4)
    expect(a.terms.length).toBe(2)
  })

  test('the first leads no more from the moment it wakes after a long stop', async () => {
    const { clock, a, b } = await aPair()
    a.stop()
    await clock.pass(20_000)
    expect([a.elector.isLeader, b.elector.isLeader, a.terms[0].aborted]).toEqual([false, true, false])
    expect(a.elector.mayWrite()).toBe(false)
    expect(a.terms[0].aborted).toBe(true)
    await a.wake()
    await clock.pass(20_000)
    expect([a.elector.isLeader, b.elector.isLeader, a.terms.length]).toEqual([false, true, 1])
  })

  test('an answer that is seen after a long stop is counted from when it was asked for', async () => {
    const { clock, start } = aServer()
    const a = start('a')
    await clock.pass(1000)
    const answer = Promise.withResolvers<void>()
    a.client.fault = () => answer.promise
    await clock.pass(1000)
    a.stop()
    answer.resolve()
    await clock.pass(20_000)
    a.client.fault = never
    await a.wake()
    expect([a.elector.isLeader, a.elector.mayWrite(), a.terms[0].aborted]).toEqual([false, false, true])
  })

  test('nobody else is let in before the first has come to its end', async () => {
    const { clock, start } = aServer()
    const work = Promise.withResolvers<void>()
    const a = start('a', { lead: () => work.promise })
    await clock.pass(0)
    const b = start('b')
    await clock.pass(1000)
    a.abort.abort()
    await clock.pass(60_000)
    expect([a.terms[0].aborted, a.elector.mayWrite(), b.elector.isLeader]).toEqual([true, true, false])
    work.resolve()
    await clock.pass(0)
    expect([a.elector.isLeader, b.elector.isLeader]).toEqual([false, true])
  })
})

describe('the leader', () => {
  const aLeader = async (options: Parameters<ReturnType<typeof aServer>['start']>[1] = {}) => {
    const all = aServer()
    const a = all.start('a', options)
    await all.clock.pass(1000)
    return { ...all, a }
  }

  test('goes on through six seconds of failures', async () => {
    const { clock, a } = await aLeader()
    a.client.fault = async verb => Promise.reject(refused(verb, 'InternalError'))
    await clock.pass(6000)
    a.client.fault = undefined
    await clock.pass(30_000)
    expect([a.elector.isLeader, a.terms.length, a.terms[0].aborted]).toEqual([true, 1, false])
  })

  test('goes on when one request never has an answer', async () => {
    const { clock, a } = await aLeader()
    let asked = 0
    a.client.fault = async () => {
      if (++asked === 1) await never()
    }
    await clock.pass(30_000)
    expect([a.terms.length, a.terms[0].aborted]).toEqual([1, false])
  })

  test('goes on when a renewal was done and only its answer was lost', async () => {
    const { clock, a } = await aLeader()
    let asked = 0
    a.client.fault = async (verb, act) => {
      if (++asked > 1) return
      act()
      throw refused(verb, 'InternalError')
    }
    await clock.pass(30_000)
    expect([a.terms.length, a.terms[0].aborted]).toEqual([1, false])
  })

  test('goes on when somebody puts a label on the Lease, and keeps it', async () => {
    const { clock, server, a } = await aLeader()
    const { metadata, ...lease } = server.lease!
    server.write({ ...lease, metadata: { ...metadata, labels: { put: 'on' } } })
    await clock.pass(30_000)
    expect([a.terms.length, a.terms[0].aborted]).toEqual([1, false])
    expect(server.lease?.metadata.labels).toEqual({ put: 'on' })
  })

  test.each([
    ['is taken by another', { holderIdentity: 'somebody', leaseTransitions: 1 }, 1],
    ['was another’s meanwhile', { holderIdentity: 'a', leaseTransitions: 2 }, 2],
    ['is freed by hand', { holderIdentity: '' }, 2],
  ])('ends its term at the next renewal when the Lease %s', async (_, spec, terms) => {
    const { clock, server, a } = await aLeader()
    server.write({ ...server.lease!, spec: { ...server.lease!.spec, ...spec } })
    await clock.pass(8000)
    expect(a.terms[0].aborted).toBe(true)
    expect(a.terms.length).toBe(terms)
  })

  test('that fails releases the Lease and throws the same', async () => {
    const failure = new Error('no way')
    const { server, a } = await aLeader({ lead: () => Promise.reject(failure) })
    expect(await a.ended).toBe(failure)
    expect(server.lease?.spec?.holderIdentity).toBe('')
  })

  test('that throws before it returns a promise does so too', async () => {
    const failure = new Error('no way')
    const lead = () => {
      throw failure
    }
    const { server, a } = await aLeader({ lead })
    expect(await a.ended).toBe(failure)
    expect(server.lease?.spec?.holderIdentity).toBe('')
  })

  test('that returns by itself releases the Lease and ends', async () => {
    const { server, a } = await aLeader({ lead: async () => {} })
    expect(await a.ended).toBe('ended')
    expect(server.lease?.spec?.holderIdentity).toBe('')
  })

  test('that fails because it was told to end has not failed', async () => {
    const lead = (signal: AbortSignal) => obedient(signal).then(() => signal.throwIfAborted())
    const { clock, a } = await aLeader({ lead })
    a.abort.abort()
    await clock.pass(0)
    expect(await a.ended).toBe('ended')
  })

  test('releases although a renewal was on its way, or a label was just put on', async () => {
    const { clock, server, a } = await aLeader()
    let asked = 0
    a.client.fault = async () => {
      if (++asked === 1) server.write({ ...server.lease! })
    }
    a.abort.abort()
    await clock.pass(0)
    expect(server.lease?.spec?.holderIdentity).toBe('')
  })

  test('does not release what is another’s', async () => {
    const { clock, server, a } = await aLeader()
    server.write({
      ...server.lease!,
      spec: { ...server.lease!.spec, holderIdentity: 'b', leaseTransitions: 1 },
    })
    a.abort.abort()
    await clock.pass(0)
    expect(await a.ended).toBe('ended')
    expect(server.lease?.spec?.holderIdentity).toBe('b')
  })

  test('ends within three seconds when it can’t release', async () => {
    const { clock, a } = await aLeader()
    a.client.fault = never
    a.abort.abort()
    await clock.pass(3000)
    expect(await a.ended).toBe('ended')
    expect(clock.waiting).toBe(0)
  })
})

test.each<[string, Partial<ElectorOptions>]>([
  ['no identity', { identity: '' }],
  ['a Lease as short as its deadline', { leaseSeconds: 10 }],
  ['a Lease of half seconds', { leaseSeconds: 15.5 }],
  ['a deadline that leaves no time for a retry', { renewDeadlineSeconds: 2.4 }],
  ['no time between tries', { retrySeconds: 0 }],
  ['what is no number', { retrySeconds: Number.NaN }],
])('refuses %s', (_, wrong) => {
  const place = { namespace: 'tracejob', name: 'operator', identity: 'a' }
  const client = new FakeLeases().client()
  expect(() => new Elector({ client, ...place, log, ...wrong })).toThrow(RangeError)
})

test('by the machine’s own clock it leads, too', async () => {
  const client = new FakeLeases().client()
  const elector = new Elector({ client, namespace: 'tracejob', name: 'operator', identity: 'a', log })
  const abort = new AbortController()
  const ran = elector.run(abort.signal, obedient)
  await vi.waitFor(() => expect(elector.isLeader).toBe(true))
  abort.abort()
  await ran
})
