/** What kubelet would find out of an operator's health, asked much more often. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Operator } from './operator-process.ts'

const EVERY_MS = 250
/** As the chart's probe waits for an answer. */
const PATIENCE_MS = 5000

export class Liveness implements AsyncDisposable {
  /** What was not as it should be. */
  readonly failures: string[] = []
  readonly #operator: Operator
  readonly #stop = new AbortController()
  readonly #asking: Promise<void>
  #answers = 0

  /** @param operator that has started */
  constructor(operator: Operator) {
    this.#operator = operator
    this.#asking = this.#ask()
  }

  get answers(): number {
    return this.#answers
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#asking
  }

  async #ask(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const asked = performance.now()
      try {
        const { status, text } = await this.#operator.health('/healthz')
        if (status !== 200) this.failures.push(`${status}: ${text}`)
        if (performance.now() - asked > PATIENCE_MS) this.failures.push(`no answer for ${PATIENCE_MS} ms`)
        this.#answers++
      } catch (error) {
        this.failures.push((error as Error).message)
      }
      await sleep(EVERY_MS)
    }
  }
}
