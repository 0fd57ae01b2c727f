const SIGNALS = ['SIGINT', 'SIGTERM'] as const
// Not SIGHUP: a handler would undo nohup.

/** One Ctrl-C can arrive twice: from the terminal, and passed on by npx or sudo. */
const SAME_MS = 500

/** Two signals: the first asks for an orderly end, the second ends the process at once. */
export class Signals {
  private readonly first: () => void
  private firstAtMs: number | undefined

  constructor(first: () => void) {
    this.first = first
  }

  /** From now on signals come to us. */
  listen(): void {
    for (const signal of SIGNALS) process.on(signal, this.receive)
  }

  /** From now on a signal kills, as if we were not there; the kernel then takes the probes away. */
  letKill(): void {
    for (const signal of SIGNALS) process.off(signal, this.receive)
  }

  private readonly receive = (): void => {
    const nowMs = performance.now()
    if (this.firstAtMs === undefined) {
      this.firstAtMs = nowMs
      this.first()
    } else if (nowMs - this.firstAtMs >= SAME_MS) process.exit(130)
  }
}
