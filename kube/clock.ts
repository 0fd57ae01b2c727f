/** Time, so that tests can make it pass. */

export interface Clock {
  /** Milliseconds since the epoch by this machine's clock, which may be wrong and may jump. */
  wallMs(): number
  /** Milliseconds that never go back, from an arbitrary beginning. */
  monotonicMs(): number
  /** Calls once after `milliseconds`, unless disposed of before. Keeps the process alive as long. */
  after(milliseconds: number, call: () => void): Disposable
}

// Beyond it, Node's timers fire at once.
const LONGEST_TIMER = 2 ** 31 - 1

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(milliseconds, call) {
    let timer: NodeJS.Timeout
    const wait = (left: number) => {
      const step = Math.min(left, LONGEST_TIMER)
      timer = setTimeout(() => (left > step ? wait(left - step) : call()), step)
    }
    wait(milliseconds)
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}

/** Resolves after `milliseconds`; rejects with the signal's reason as soon as it aborts. */
export function sleep(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  if (signal?.aborted) return Promise.reject(signal.reason)
  const abort = () => reject(signal?.reason)
  signal?.addEventListener('abort', abort, { once: true })
  const timer = clock.after(milliseconds, resolve)
  return promise.finally(() => {
    timer[Symbol.dispose]()
    signal?.removeEventListener('abort', abort)
  })
}
