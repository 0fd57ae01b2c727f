import { uptime } from 'node:os'
import { type Clock, systemClock } from './clock.ts'

/**
 * A clock that goes on while the machine is suspended, which CLOCK_MONOTONIC does not: a Lease runs out meanwhile.
 * To the hundredth of a second.
 */
export const bootClock: Clock = { ...systemClock, monotonicMs: () => uptime() * 1000 }
