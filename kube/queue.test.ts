import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FakeClock, settled } from './clock.fake.ts'
import { WorkQueue } from './queue.ts'
import { RateLimit } from './rate-limit.ts'

const aQueue = () => {
  const clock = new FakeClock()
  return { clock, queue: new WorkQueue({ clock }) }
}

const isPending = async (promise: Promise<unknown>) => {
  const settledAs = await Promise.race([promise.then(() => 'done'), settled().then(() => 'pending')])
  return settledAs === 'pending'
}

describe('keys', () => {
  test('come in the order they were added, each once', async () => {
    const { queue } = aQueue()
    for (const key of ['b', 'a', 'b', 'c', 'a']) queue.add(key)
    expect(queue.length).toBe(3)
    expect([await queue.get(), await queue.get(), await queue.get()]).toEqual(['b', 'a', 'c'])
    expect(queue.length).toBe(0)
  })

  test('go to those who wait, in the order they came', async () => {
    const { queue } = aQueue()
    const [first, second] = [queue.get(), queue.get()]
    queue.add('a')
    queue.add('b')
    expect([await first, await second]).toEqual(['a', 'b'])
  })

  test('that are added while being worked on come again once that is done, and not before', async () => {
    const { queue } = aQueue()
    queue.add('a')
    await queue.get()
    queue.add('a')
    queue.add('a')
    expect(queue.length).toBe(0)
    const next = queue.get()
    expect(await isPending(next)).toBe(true)
    queue.done('a')
    expect(await next).toBe('a')
    queue.done('a')
    expect(queue.length).toBe(0)
  })

  test('that nobody works on may be called done', () => {
    const { queue } = aQueue()
    queue.add('a')
    queue.done('a')
    queue.done('b')
    expect(queue.length).toBe(1)
  })

  test('say how long they stood in line', async () => {
    const clock = new FakeClock()
    const waited: unknown[] = []
    const queue = new WorkQueue({ clock, onGet: (key, waitedMs) => waited.push([key, waitedMs]) })
    queue.add('a')
    await clock.pass(70)
    await queue.get()
    queue.add('a')
    await clock.pass(30)
    queue.done('a')
    await queue.get()
    expect(waited).toEqual([
      ['a', 70],
      ['a', 30],
    ])
  })
})

describe('keys for later', () => {
  test('come when their time has', async () => {
    const { clock, queue } = aQueue()
    queue.addAfter('a', 100)
    await clock.pass(99)
    expect(queue.length).toBe(0)
    await clock.pass(1)
    expect(queue.length).toBe(1)
  })

  test.each([0, -5, Number.NaN])('come at once after %d ms', milliseconds => {
    const { queue } = aQueue()
    queue.addAfter('a', milliseconds)
    expect(queue.length).toBe(1)
  })

  test.each([
    [[100, 50, 200]],
    [[50, 100, 200]],
    [[200, 100, 50]],
  ])('that are to come after %j ms come once, after the shortest', async delays => {
    const { clock, queue } = aQueue()
    for (const delay of delays) queue.addAfter('a', delay)
    expect(clock.waiting).toBe(1)
    await clock.pass(50)
    expect(await queue.get()).toBe('a')
    queue.done('a')
    await clock.pass(1000)
    expect(queue.length).toBe(0)
  })

  test('come again although they were added meanwhile', async () => {
    const { clock, queue } = aQueue()
    queue.addAfter('a', 100)
    queue.add('a')
    queue.done((await queue.get())!)
    await clock.pass(100)
    expect(queue.length).toBe(1)
  })

  test('that failed wait longer each time, until they are forgotten', async () => {
    const { clock, queue } = aQueue()
    for (const wait of [5, 10, 20]) {
      queue.addRateLimited('a')
      await clock.pass(wait - 1)
      expect(queue.length).toBe(0)
      await clock.pass(1)
      queue.done((await queue.get())!)
    }
    expect(queue.retries('a')).toBe(3)
    queue.forget('a')
    expect(queue.retries('a')).toBe(0)
    queue.addRateLimited('a')
    await clock.pass(5)
    expect(queue.length).toBe(1)
  })

  test('go by the rate limit that is handed in', async () => {
    const clock = new FakeClock()
    const queue = new WorkQueue({ clock, rateLimit: new RateLimit({ firstMs: 1000 }) })
    queue.addRateLimited('a')
    await clock.pass(999)
    expect(queue.length).toBe(0)
  })
})

describe('after shutDown', () => {
  test('nothing more is taken, and what was to come later never comes', async () => {
    const { clock, queue } = aQueue()
    queue.addAfter('a', 100)
    await queue.shutDown()
    queue.add('b')
    queue.addAfter('c', 10)
    queue.addRateLimited('d')
    await clock.pass(1000)
    expect([queue.length, clock.waiting]).toEqual([0, 0])
    expect(await queue.get()).toBeUndefined()
  })

  test('those who wait are told', async () => {
    const { queue } = aQueue()
    const waiting = [queue.get(), queue.get()]
    await queue.shutDown()
    expect(await Promise.all(waiting)).toEqual([undefined, undefined])
  })

  test('what stands in line is still worked on, and only then it is drained', async () => {
    const { queue } = aQueue()
    for (const key of ['a', 'b']) queue.add(key)
    const working = await queue.get()
    const drained = queue.shutDown()
    expect(await queue.get()).toBe('b')
    expect(await queue.get()).toBeUndefined()
    queue.done('b')
    expect(await isPending(drained)).toBe(true)
    queue.done(working!)
    await drained
  })

  test('a key added before, while it was being worked on, still comes', async () => {
    const { queue } = aQueue()
    queue.add('a')
    await queue.get()
    queue.add('a')
    const drained = queue.shutDown()
    const next = queue.get()
    expect(await isPending(next)).toBe(true)
    queue.done('a')
    expect(await next).toBe('a')
    expect(await isPending(drained)).toBe(true)
    queue.done('a')
    await drained
    expect(await queue.get()).toBeUndefined()
  })
})

test('whatever happens, no key is with two workers, and none that was added is left', async () => {
  const step = fc.oneof(
    fc.record({ does: fc.constant('add' as const), key: fc.constantFrom('a', 'b', 'c') }),
    fc.record({
      does: fc.constant('addAfter' as const),
      key: fc.constantFrom('a', 'b', 'c'),
      ms: fc.integer({ min: 1, max: 50 }),
    }),
    fc.record({ does: fc.constant('work' as const), ms: fc.integer({ min: 0, max: 30 }) }),
    fc.record({ does: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 40 }) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
      const { clock, queue } = aQueue()
      const working = new Set<string>()
      const owed = new Set<string>()
      const work = async (ms: number) => {
        const key = await queue.get()
        if (key === undefined) return
        expect(working.has(key)).toBe(false)
        working.add(key)
        owed.delete(key)
        await new Promise<void>(resolve => clock.after(ms, resolve))
        working.delete(key)
        queue.done(key)
      }
      for (const each of steps) {
        if (each.does === 'add') queue.add(each.key)
        if (each.does === 'addAfter') queue.addAfter(each.key, each.ms)
        if (each.does === 'add' || each.does === 'addAfter') owed.add(each.key)
        if (each.does === 'work') void work(each.ms)
        if (each.does === 'pass') await clock.pass(each.ms)
      }
      for (let worker = 0; worker < 50; worker++) void work(0)
      await clock.pass(1000)
      expect([...owed]).toEqual([])
      await queue.shutDown()
      expect([working.size, queue.length, clock.waiting]).toEqual([0, 0, 0])
    }),
    { numRuns: 50 },
  )
})
