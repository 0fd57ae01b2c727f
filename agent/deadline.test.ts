import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Deadline } from './deadline.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** The second at which a deadline passes that is set at these seconds. */
function passes(set: readonly { atSecond: number; seconds: number | undefined }[]): number | undefined {
  let passed: number | undefined
  const startMs = performance.now()
  using deadline = new Deadline(() => {
    passed = (performance.now() - startMs) / 1000
  })
  for (let second = 0; second <= 100 && passed === undefined; second++) {
    for (const { seconds } of set.filter(({ atSecond }) => atSecond === second)) deadline.set(seconds)
    vi.advanceTimersByTime(0)
    if (passed === undefined) vi.advanceTimersByTime(1000)
  }
  return passed
}

test.each([
  ['passes when its time has come', [{ atSecond: 0, seconds: 10 }], 10],
  ['never passes when there is none', [{ atSecond: 0, seconds: undefined }], undefined],
  [
    'comes earlier when it is shortened',
    [
      { atSecond: 0, seconds: 50 },
      { atSecond: 5, seconds: 20 },
    ],
    20,
  ],
  [
    'comes later when it is put off',
    [
      { atSecond: 0, seconds: 10 },
      { atSecond: 5, seconds: 20 },
    ],
    20,
  ],
  [
    'comes at once when it is moved into the past',
    [
      { atSecond: 0, seconds: 50 },
      { atSecond: 30, seconds: 7 },
    ],
    30,
  ],
  [
    'comes at once at zero',
    [
      { atSecond: 0, seconds: undefined },
      { atSecond: 3, seconds: 0 },
    ],
    3,
  ],
  [
    'can be taken away',
    [
      { atSecond: 0, seconds: 10 },
      { atSecond: 9, seconds: undefined },
    ],
    undefined,
  ],
])('it %s', (_, set, second) => {
  expect(passes(set)).toBe(second)
})

test('it says how long it is until then, and nothing happens once it is disposed of', () => {
  const expired = vi.fn()
  const deadline = new Deadline(expired)
  expect(deadline.remainingSeconds).toBeNull()
  deadline.set(10)
  vi.advanceTimersByTime(4000)
  expect(deadline.remainingSeconds).toBe(6)
  deadline[Symbol.dispose]()
  vi.advanceTimersByTime(60_000)
  expect(deadline.remainingSeconds).toBe(0)
  expect(expired).not.toHaveBeenCalled()
})
