/**
 * Three operators that race, with clocks ten minutes apart: by the API server's own account nobody ever writes but who has the Lease,
 * whatever becomes of that one, and TraceJobs go on as if there were only one.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { TRACES } from '../fleet/behaviour.ts'
import { until } from '../kernel/poll.ts'
import { Audit } from './audit.ts'
import { Chance } from './chance.ts'
import { JobChurn } from './job-churn.ts'
import { addNodesOfKinds, JOB_KINDS } from './job-kinds.ts'
import { JobWitness } from './job-witness.ts'
import { OperatorScene } from './operator-scene.ts'
import { Replica } from './replica.ts'
import { trespasses } from './trespass.ts'

const TEN_MINUTES_MS = 600_000
const CLOCKS = { behind: -TEN_MINUTES_MS, right: 0, ahead: TEN_MINUTES_MS } as const
type Name = keyof typeof CLOCKS
const NAMES = Object.keys(CLOCKS) as Name[]
const JOBS = 6
const KINDS = JOB_KINDS.filter(({ name }) => name !== 'silent' && name !== 'long')
/** A Lease that has run out sooner, where it does not matter how long that takes. */
const SHORT = {
  TRACEJOB_LEASE_SECONDS: '5',
  TRACEJOB_RENEW_DEADLINE_SECONDS: '3',
  TRACEJOB_RETRY_SECONDS: '1',
}
/** An operator that was cut off or stopped for so long has lost the short one. */
const LONG_MS = 8000

let scene: OperatorScene
let audit: Audit
beforeAll(async () => {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'tracejob-races-'))
  stack.defer(() => rm(folder, { recursive: true }))
  audit = await Audit.of(NAMES, folder)
  scene = stack.use(await OperatorScene.open({ flags: { 'kube-apiserver': audit.flags } }))
  await addNodesOfKinds(scene)
  const owned = stack.move()
  return () => owned.disposeAsync()
})

/** Operators that race, and TraceJobs that come and go meanwhile. */
class Race implements AsyncDisposable {
  readonly replicas = new Map<Name, Replica>()
  readonly #env: NodeJS.ProcessEnv
  readonly #stack = new AsyncDisposableStack()
  #witness!: JobWitness
  #churn!: JobChurn

  static async begin(env: NodeJS.ProcessEnv = {}): Promise<Race> {
    const race = new Race(env)
    await Promise.all(NAMES.map(name => race.start(name)))
    race.#witness = race.#stack.use(await JobWitness.of(scene.client))
    const chance = new Chance(1)
    race.#churn = new JobChurn({ scene, witness: race.#witness, chance, jobs: JOBS, kinds: KINDS })
    return race
  }

  private constructor(env: NodeJS.ProcessEnv) {
    this.#env = env
  }

  async start(name: Name): Promise<void> {
    const replica = this.#stack.use(await Replica.start(scene, name, CLOCKS[name], this.#env))
    this.replicas.set(name, replica)
    const { time } = await replica.operator.logged('started')
    expect(Math.abs(Number(time) - Date.now() - CLOCKS[name])).toBeLessThan(TEN_MINUTES_MS / 2)
    await replica.operator.ready()
  }

  /** Who acts first after that time, of all but that one, and how many seconds after. */
  async next(sinceMs: number, but?: Replica): Promise<{ leader: Replica; seconds: number }> {
    const others = [...this.replicas.values()].filter(each => each !== but)
    const [leader, { atMs }] = await Promise.any(
      others.map(async each => [each, await each.actsAfter(sinceMs)] as const),
    )
    return { leader, seconds: (atMs - sinceMs) / 1000 }
  }

  /** All ends well, and nobody has acted but who was to. */
  async end(): Promise<void> {
    await this.#churn.stop()
    expect(this.#churn.ended).toBeGreaterThanOrEqual(JOBS)
    expect(this.#witness.contradictions).toEqual([])
    await until('no DaemonSet is left', () => this.#witness.daemonSets === 0)
    expect(trespasses(await audit.requests())).toEqual([])
    for (const { operator } of this.replicas.values())
      expect(operator.log.filter(({ level }) => level >= 50)).toEqual([])
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync()
  }
}

test('who is told to end is followed within two seconds, and no clock but the API server’s shows in a status', async () => {
  await using race = await Race.begin()
  const nodeSelector = await scene.nodes('timed', { a: TRACES })
  let { leader } = await race.next(0)
  for (let round = 0; round < 3; round++) {
    const told = leader.signal('SIGTERM')
    const next = await race.next(told, leader)
    expect(next.seconds).toBeLessThan(2)
    expect(await leader.operator.ended).toEqual({ code: 0, signal: null })
    const before = leader
    leader = next.leader

    const name = `timed-${round}`
    const began = Date.now()
    await scene.apply(name, { nodeSelector, durationSeconds: 2, startDeadlineSeconds: 60 })
    const { state, startTime, completionTime } = await scene.ended({ name })
    expect(state).toBe('Completed')
    for (const time of [startTime!, completionTime!]) {
      expect(Date.parse(time)).toBeGreaterThan(began - 10_000)
      expect(Date.parse(time)).toBeLessThan(Date.now() + 10_000)
    }
    await scene.kubectl('delete', 'tj', name)
    await race.start(before.user as Name)
  }
  await race.end()
})

test('one that is killed is followed within 17 seconds', async () => {
  await using race = await Race.begin()
  const { leader } = await race.next(0)
  const killed = leader.signal('SIGKILL')
  const { seconds } = await race.next(killed, leader)
  expect(seconds).toBeLessThan(17)
  await race.end()
})

test('one that is cut off stands by when it is back, and what it had sent does no harm', async () => {
  await using race = await Race.begin(SHORT)
  const { leader } = await race.next(0)
  const cutMs = performance.now()
  const cut = leader.proxy.cut()
  await race.next(cutMs, leader)
  await passed(cutMs)
  // What was on its way arrives now, as packets do.
  cut[Symbol.dispose]()
  await leader.stands()
  await race.end()
})

test('one that is stopped for longer than the Lease lasts does nothing when it wakes', async () => {
  await using race = await Race.begin(SHORT)
  const { leader } = await race.next(0)
  const stopped = leader.signal('SIGSTOP')
  await race.next(stopped, leader)
  await passed(stopped)
  leader.signal('SIGCONT')
  await leader.stands()
  await race.end()
})

test('a status that comes late, from one who leads no more, is refused', async () => {
  await using stack = new AsyncDisposableStack()
  const nodeSelector = await scene.nodes('late', { a: TRACES })
  const first = stack.use(await Replica.start(scene, 'right', 0, SHORT))
  await first.operator.leading()
  const second = stack.use(await Replica.start(scene, 'ahead', CLOCKS.ahead, SHORT))
  await second.stands()
  await scene.apply('late', { nodeSelector, durationSeconds: 12 })
  await scene.tracing({ name: 'late' })

  const arrival = Promise.withResolvers<void>()
  const status = { resource: 'tracejobs', subresource: 'status' }
  const rule = first.proxy.inject({ does: 'hold', until: arrival.promise }, status, 1)
  await until('a status is on its way', () => rule.hits === 1)
  const cut = first.proxy.cut()
  const ended = await scene.ended({ name: 'late' })
  expect(second.proxy.writes(status).length).toBeGreaterThan(0)
  arrival.resolve()
  cut[Symbol.dispose]()
  const late = first.proxy.writes(status).find(({ fault }) => fault === 'hold')!
  await until('it has come', () => late.status)
  expect(late.status).toBe(409)
  expect((await scene.job({ name: 'late' }))!.status).toEqual(ended)
})

const passed = (sinceMs: number) => sleep(Math.max(0, sinceMs + LONG_MS - performance.now()))

test('the check itself sees who writes while the Lease is another’s', () => {
  const request = (username: string, second: number, resource: string, code = 200) => ({
    verb: 'update',
    user: { username },
    objectRef: { resource, name: 'x' },
    responseStatus: { code },
    requestURI: '',
    requestReceivedTimestamp: `2026-01-01T00:00:0${second}.000000Z`,
    stageTimestamp: `2026-01-01T00:00:0${second}.500000Z`,
  })
  const handOver = [request('a', 0, 'leases'), request('a', 1, 'tracejobs'), request('b', 2, 'leases')]
  expect(trespasses([...handOver, request('b', 3, 'tracejobs')])).toEqual([])
  expect(trespasses([...handOver, request('a', 3, 'tracejobs', 409)])).toEqual([])
  expect(trespasses([...handOver, request('a', 3, 'tracejobs')])).toMatchObject([{ user: 'a', holder: 'b' }])
  expect(
    trespasses([...handOver, request('a', 3, 'leases', 409), request('a', 4, 'tracejobs')]),
  ).toHaveLength(1)
})
