import { describe, expect, test } from 'vitest'
import { FakeClock } from './clock.fake.ts'
import { Deadline } from './deadline.ts'

const never = new Promise<never>(() => {})

describe('a deadline', () => {
  test('aborts when time is up', async () => {
    const clock = new FakeClock()
    using deadline = new Deadline(clock, 30_000)
    await clock.pass(29_999)
    expect([deadline.signal.aborted, deadline.isUp]).toEqual([false, false])
    await clock.pass(1)
    expect([deadline.signal.aborted, deadline.isUp]).toEqual([true, true])
    expect(deadline.signal.reason.message).toBe('no answer within 30 s')
  })

  test('aborts with the first of the signals it follows, for its reason', () => {
    const other = new AbortController()
    using deadline = new Deadline(new FakeClock(), 1, undefined, AbortSignal.any([]), other.signal)
    other.abort('stop')
    expect([deadline.signal.reason, deadline.isUp]).toEqual(['stop', false])
  })

  test('of a signal that has aborted is over at once', () => {
    using deadline = new Deadline(new FakeClock(), 1, AbortSignal.abort('stop'))
    expect(deadline.signal.reason).toBe('stop')
  })

  test('is not up when a signal came first', async () => {
    const clock = new FakeClock()
    using deadline = new Deadline(clock, 1, AbortSignal.abort('stop'))
    await clock.pass(1)
    expect(deadline.isUp).toBe(false)
  })

  test('can be lifted, and still follows', async () => {
    const clock = new FakeClock()
    const other = new AbortController()
    using deadline = new Deadline(clock, 1, other.signal)
    deadline.lift()
    await clock.pass(10)
    expect(deadline.signal.aborted).toBe(false)
    other.abort()
    expect(deadline.signal.aborted).toBe(true)
  })

  test('leaves nothing behind, neither a timer nor a listener', () => {
    const clock = new FakeClock()
    const other = new AbortController()
    new Deadline(clock, 1, other.signal)[Symbol.dispose]()
    expect(clock.waiting).toBe(0)
    const deadline = new Deadline(clock, 1, other.signal)
    deadline[Symbol.dispose]()
    other.abort()
    expect(deadline.signal.aborted).toBe(false)
  })

  test('ends the wait for what can not be aborted', async () => {
    const clock = new FakeClock()
    using deadline = new Deadline(clock, 1)
    expect(await deadline.during(Promise.resolve('x'))).toBe('x')
    const waiting = expect(deadline.during(never)).rejects.toThrow('no answer')
    await clock.pass(1)
    await waiting
    await expect(deadline.during(never)).rejects.toThrow('no answer')
  })
})
