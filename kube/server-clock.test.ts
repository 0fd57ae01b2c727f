import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ServerClock } from './server-clock.ts'

const NOON = Date.UTC(2026, 0, 1, 12)
/** The Date header of an answer made at that time: whole seconds, rounded down. */
const dateAt = (serverMs: number) => new Date(serverMs).toUTCString()

describe('the time of the server', () => {
  test('is not known before the first answer', () => {
    expect(new ServerClock().now(0)).toBeUndefined()
  })

  test('is known to half a second, and half the time the answer took, from the first on', () => {
    const clock = new ServerClock()
    clock.heard(dateAt(NOON + 300), 1000, 1200)
    // Between 1000 and 1200 of ours it was 12:00:00.0 to 12:00:01.0 there.
    expect(clock.now(1200)).toBe(NOON + 600)
  })

  test('becomes exact by more answers', () => {
    const offset = NOON - 123_456
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { minLength: 60, maxLength: 60 }), pauses => {
        const clock = new ServerClock()
        let now = 0
        for (const pause of pauses) {
          clock.heard(dateAt(now + 5 + offset), now, now + 10)
          now += pause
        }
        expect(Math.abs(clock.now(now)! - (now + offset))).toBeLessThan(510)
      }),
    )
    const clock = new ServerClock()
    for (let now = 0; now < 30_000; now += 970) clock.heard(dateAt(now + 5 + offset), now, now + 10)
    expect(Math.abs(clock.now(30_000)! - (30_000 + offset))).toBeLessThan(40)
  })

  test('does not depend on the clock of this machine', () => {
    const clock = new ServerClock()
    clock.heard(dateAt(NOON), 500, 500)
    expect(clock.now(60_500)).toBe(NOON + 60_500)
  })

  test('follows a server whose clock was set', () => {
    const clock = new ServerClock()
    clock.heard(dateAt(NOON), 0, 10)
    clock.heard(dateAt(NOON - 600_000), 1000, 1010)
    expect(Math.abs(clock.now(1010)! - (NOON - 600_000))).toBeLessThan(510)
  })

  test('is not spoilt by an answer that took long', () => {
    const clock = new ServerClock()
    clock.heard(dateAt(NOON), 0, 0)
    clock.heard(dateAt(NOON + 25_000), 1000, 26_000)
    expect(clock.now(0)).toBe(NOON + 500)
  })

  test.each(['', 'yesterday', 'Thu, 99 Jan 2026 12:00:00 GMT'])('is not read out of "%s"', date => {
    const clock = new ServerClock()
    clock.heard(date, 0, 0)
    expect(clock.now(0)).toBeUndefined()
  })
})
