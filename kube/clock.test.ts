import { describe, expect, test, vi } from 'vitest'
import { FakeClock, settled } from './clock.fake.ts'
import { sleep, systemClock } from './clock.ts'

describe('the clock of the machine', () => {
  test.each([
    ['after its time', false, 1],
    ['not when disposed of', true, 0],
  ])('calls %s', async (_, isDisposed, calls) => {
    const call = vi.fn()
    const timer = systemClock.after(1, call)
    if (isDisposed) timer[Symbol.dispose]()
    await sleep(systemClock, 20)
    expect(call).toHaveBeenCalledTimes(calls)
  })

  test("waits out what is longer than Node's timers can", () => {
    vi.useFakeTimers()
    try {
      const call = vi.fn()
      const ttl = 60 * 86_400_000
      systemClock.after(ttl, call)
      vi.advanceTimersByTime(ttl - 1)
      expect(call).not.toHaveBeenCalled()
      vi.advanceTimersByTime(1)
      expect(call).toHaveBeenCalledOnce()
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a sleep', () => {
  const begin = (clock: FakeClock, signal?: AbortSignal) => {
    const woken = vi.fn()
    void sleep(clock, 100, signal).then(
      () => woken('time'),
      () => woken('signal'),
    )
    return woken
  }

  test('lasts its time', async () => {
    const clock = new FakeClock()
    const woken = begin(clock)
    await clock.pass(99)
    expect(woken).not.toHaveBeenCalled()
    await clock.pass(1)
    expect(woken).toHaveBeenCalledWith('time')
  })

  test('is cut short by its signal, and leaves no timer', async () => {
    const clock = new FakeClock()
    const abort = new AbortController()
    const woken = begin(clock, abort.signal)
    abort.abort()
    await settled()
    expect(woken).toHaveBeenCalledWith('signal')
    expect(clock.waiting).toBe(0)
  })

  test('does not begin after the signal', async () => {
    const clock = new FakeClock()
    const woken = begin(clock, AbortSignal.abort())
    await settled()
    expect(woken).toHaveBeenCalledWith('signal')
    expect(clock.waiting).toBe(0)
  })
})
