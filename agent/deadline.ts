/** When a trace ends by itself; it can be moved while the trace runs. */
export class Deadline implements Disposable {
  readonly #expired: () => void
  readonly #startMs = performance.now()
  #timer: NodeJS.Timeout | undefined
  #atMs: number | null = null

  /** @param expired called once its time has come, and again if it is moved after that. */
  constructor(expired: () => void) {
    this.#expired = expired
  }

  /** @param seconds from when this was made; one that is past is now; undefined: never. */
  set(seconds: number | undefined): void {
    clearTimeout(this.#timer)
    this.#atMs = seconds === undefined ? null : this.#startMs + seconds * 1000
    if (this.#atMs === null) return
    this.#timer = setTimeout(this.#expired, Math.max(0, this.#atMs - performance.now()))
  }

  /** null: never. */
  get remainingSeconds(): number | null {
    return this.#atMs === null ? null : Math.max(0, this.#atMs - performance.now()) / 1000
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}
