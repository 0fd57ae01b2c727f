/** TraceJobs that come and go all the time, of every fate there is; each is looked at when it has ended. */
import { setTimeout as sleep } from 'node:timers/promises'
import { TRACE_JOBS } from '../../crds/resources.ts'
import { isAlreadyExists } from '../../kube/errors.ts'
import { until } from '../kernel/poll.ts'
import type { Chance } from './chance.ts'
import { JOB_KINDS, type JobKind, mistakesIn } from './job-kinds.ts'
import { hasEnded, type JobWitness } from './job-witness.ts'
import type { Job, OperatorScene } from './operator-scene.ts'

export interface JobChurnOptions {
  scene: OperatorScene
  witness: JobWitness
  chance: Chance
  /** How many there are at any time. */
  jobs: number
  kinds?: readonly JobKind[]
}

/** Far longer than any of them lasts, whatever befalls it. */
const LIFE_SECONDS = 300
const STEP_MS = 300

export class JobChurn {
  readonly #options: JobChurnOptions
  readonly #stop = new AbortController()
  readonly #lives: Promise<unknown>
  #failure: unknown
  #begun = 0
  #ended = 0

  constructor(options: JobChurnOptions) {
    this.#options = options
    this.#lives = Promise.all(Array.from({ length: options.jobs }, () => this.#lifeAfterLife()))
    this.#lives.catch(error => {
      this.#failure = error
    })
  }

  /** What was wrong with the first that did not end as it should. */
  get failure(): unknown {
    return this.#failure
  }

  /** How many have ended as they should. */
  get ended(): number {
    return this.#ended
  }

  /** Lets no other begin, and resolves when the last has ended. @throws what was wrong with one of them */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#lives
  }

  async #lifeAfterLife(): Promise<void> {
    const { chance, kinds = JOB_KINDS } = this.#options
    while (!this.#stop.signal.aborted) {
      await this.#life(chance.of(kinds), `job-${++this.#begun}`)
      this.#ended++
    }
  }

  async #life(kind: JobKind, name: string): Promise<void> {
    const { scene, witness, chance } = this.#options
    const leavesByItself = chance.next() < 0.3
    const retention = { logRetentionSeconds: chance.between(0, 2) }
    const ttl = leavesByItself ? { ttlSecondsAfterFinished: 3 } : {}
    const metadata = { name, namespace: 'default' }
    const job = {
      metadata,
      spec: { nodeSelector: { group: kind.name }, ...kind.spec, ...retention, ...ttl },
    }
    await insist(() => created(scene.client.create(TRACE_JOBS, job)))
    if (kind.end) await this.#end(kind, name)
    else await sleep(chance.between(0, 8000))
    if (!leavesByItself || !kind.end) await insist(() => scene.client.remove(TRACE_JOBS, metadata))
    else await until(`${name} leaves by itself`, () => !witness.job(name), LIFE_SECONDS)
  }

  async #end(kind: JobKind, name: string): Promise<void> {
    const { scene, witness } = this.#options
    let last: Job | undefined
    const over = () => {
      last = witness.job(name)
      return last?.status && hasEnded(last.status)
    }
    await until(`${kind.name} ${name} ends`, over, LIFE_SECONDS).catch(error => {
      throw new Error(`${error.message}\n${JSON.stringify(last, null, 1)}`)
    })
    const reports = await insist(() => scene.reports({ name }))
    const mistake = mistakesIn(kind, last!.status!, reports)
    if (mistake)
      throw new Error(`${kind.name} ${name}: ${mistake}\n${JSON.stringify([last, reports], null, 1)}`)
  }
}

/** Until the API server does it. */
async function insist<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act()
    } catch {
      await sleep(STEP_MS)
    }
  }
}

/** One whose answer was lost is there already. */
async function created(creation: Promise<unknown>): Promise<void> {
  await creation.catch(error => {
    if (!isAlreadyExists(error)) throw error
  })
}
