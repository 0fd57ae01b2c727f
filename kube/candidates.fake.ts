import { pino } from 'pino'
import { FakeClock, settled } from './clock.fake.ts'
import type { Clock } from './clock.ts'
import { Elector, type ElectorOptions } from './elector.ts'
import { type FakeLeaseClient, FakeLeases } from './lease.fake.ts'
import type { Lead } from './term.ts'

export const log = pino({ level: 'silent' })
export const never = () => new Promise<never>(() => {})

/** Leads until it is told not to. */
export const obedient: Lead = signal =>
  new Promise(resolve => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })

/** A process that wants to lead; it may be stopped, its clock is its own, and its way to the server can be cut. */
export class Process {
  readonly identity: string
  readonly client: FakeLeaseClient
  readonly elector: Elector
  readonly ended: Promise<unknown>
  readonly abort = new AbortController()
  /** The signals of its terms. */
  readonly terms: AbortSignal[] = []
  #woken: PromiseWithResolvers<void> | undefined
  #due: (() => void)[] = []

  constructor(
    server: FakeLeases,
    clock: FakeClock,
    identity: string,
    { lead = obedient, ...options }: Partial<ElectorOptions> & { lead?: Lead } = {},
  ) {
    this.identity = identity
    this.client = server.client()
    const own: Clock = {
      wallMs: () => clock.wallMs(),
      monotonicMs: () => clock.monotonicMs(),
      after: (milliseconds, call) =>
        clock.after(milliseconds, () => (this.#woken ? this.#due.push(call) : call())),
    }
    this.client.arrival = async () => this.#woken?.promise
    const place = { namespace: 'tracejob', name: 'operator' }
    this.elector = new Elector({ client: this.client, ...place, identity, log, clock: own, ...options })
    this.ended = this.elector
      .run(this.abort.signal, signal => {
        this.terms.push(signal)
        return lead(signal)
      })
      .then(
        () => 'ended',
        error => error,
      )
  }

  /** From now on no request has an answer. */
  cut(): void {
    this.client.fault = never
    this.client.watchIsDeaf = true
  }

  /** SIGSTOP: time goes on without it. */
  stop(): void {
    this.#woken = Promise.withResolvers()
  }

  /** SIGCONT: what has come from the server meanwhile is seen first, then what has fallen due. */
  async wake(): Promise<void> {
    const due = this.#due.splice(0)
    this.#woken?.resolve()
    this.#woken = undefined
    await settled()
    for (const call of due) call()
    await settled()
  }
}

export const aServer = () => {
  const clock = new FakeClock()
  const server = new FakeLeases()
  const start = (identity: string, options: ConstructorParameters<typeof Process>[3] = {}) =>
    new Process(server, clock, identity, options)
  return { clock, server, start }
}

/** Lets time pass until that holds; returns how many seconds it took, to the tenth. */
export async function secondsUntil(clock: FakeClock, holds: () => boolean): Promise<number> {
  for (let tenths = 0; tenths < 1000; tenths++) {
    await settled()
    if (holds()) return tenths / 10
    await clock.pass(100)
  }
  throw new Error('it never came to that')
}
