import { setTimeout as sleep } from 'node:timers/promises'

const STEP_MS = 25
/** Far more than anything takes: only what hangs runs into it, not what is slow. */
const DEADLINE_SECONDS = 90

/** Looks again and again until there is something to see, and returns it. Throws at the deadline. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  seconds = DEADLINE_SECONDS,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + seconds * 1000
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (performance.now() > deadline) throw new Error(`${seconds} s have passed without this: ${what}`)
    await sleep(STEP_MS)
  }
}
