import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { beforeAll, describe, expect, test } from 'vitest'
import { Client } from '../../kube/client.ts'
import { fromKubeconfig } from '../../kube/kubeconfig.ts'
import type { Lease } from '../../kube/lease.ts'
import type { KubeObject } from '../../kube/object.ts'
import { Reflector } from '../../kube/reflector.ts'
import { LEASES } from '../../kube/resource.ts'
import { startCluster, type TestCluster } from '../cluster/cluster.ts'
import { until } from '../kernel/poll.ts'
import { interleaved, overlaps, tenures } from './acts.ts'
import { Candidate, type CandidateOptions } from './candidate.ts'

const CONFIG_MAPS = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' }
const TEN_MINUTES_MS = 600_000
const log = pino({ level: 'silent' })

let cluster: TestCluster
let client: Client
beforeAll(async () => {
  cluster = await startCluster({ without: ['kube-controller-manager', 'kube-scheduler'] })
  client = new Client(fromKubeconfig({ path: cluster.kubeconfig }), { userAgent: 'test', log })
  return async () => {
    await client[Symbol.asyncDispose]()
    await cluster[Symbol.asyncDispose]()
  }
})

let elections = 0

/** A Lease, an object that only the leader may write to, and what is known of both. */
class Election implements AsyncDisposable {
  readonly name = `election-${++elections}`
  readonly #folder = mkdtempSync(join(tmpdir(), 'tracejob-election-'))
  readonly #journal = join(this.#folder, 'journal')
  readonly #stack = new AsyncDisposableStack()
  readonly #writers: string[] = []

  static async begin(): Promise<Election> {
    const election = new Election()
    writeFileSync(election.#journal, '')
    await client.create(CONFIG_MAPS, { metadata: { namespace: 'default', name: election.name } })
    await election.#watchWriters()
    return election
  }

  /** Clocks are ten minutes apart from each other. */
  async candidates<const Names extends string[]>(...identities: Names) {
    const started: Candidate[] = []
    for (const [i, identity] of identities.entries()) {
      const candidate = await this.start({ identity, clockOffsetMs: (i - 1) * TEN_MINUTES_MS })
      // The first is to lead, whoever has the faster start.
      await (i === 0 ? candidate.actsAfter(0n) : candidate.isCandidate())
      started.push(candidate)
    }
    return started as { [Name in keyof Names]: Candidate }
  }

  async start(options: Pick<CandidateOptions, 'identity' | 'clockOffsetMs'>): Promise<Candidate> {
    const { kubeconfig } = cluster
    return this.#stack.use(
      await Candidate.start({ ...options, kubeconfig, name: this.name, journal: this.#journal }),
    )
  }

  /** Who acts after that time, of those; when it first did in its term. */
  async nextOf(candidates: readonly Candidate[], sinceNs: bigint): Promise<[Candidate, bigint]> {
    return Promise.any(
      candidates.map(async candidate => [candidate, await candidate.actsAfter(sinceNs)] as const),
    ).then(([candidate, atNs]) => [candidate, atNs])
  }

  lease(): Promise<Lease> {
    return client.get<Lease>(LEASES, { namespace: 'default', name: this.name })
  }

  /** Neither by their own account nor by that of the API server did two ever act at the same time. */
  check(): void {
    const all = tenures(readFileSync(this.#journal, 'utf8'))
    expect(all.length).toBeGreaterThan(0)
    expect(overlaps(all)).toEqual([])
    expect(this.#writers.length).toBeGreaterThan(0)
    expect(interleaved(this.#writers)).toEqual([])
  }

  async #watchWriters(): Promise<void> {
    const stop = new AbortController()
    this.#stack.defer(() => stop.abort())
    const query = { namespace: 'default', fieldSelector: `metadata.name=${this.name}` }
    const reflector = new Reflector<KubeObject & { data?: { writer: string } }>({
      client,
      resource: CONFIG_MAPS,
      ...query,
      log,
    })
    reflector.on(({ object }) => object.data && this.#writers.push(object.data.writer))
    void reflector.run(stop.signal)
    await reflector.synced
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
    rmSync(this.#folder, { recursive: true })
  }
}

const seconds = (fromNs: bigint, toNs: bigint) => Number(toNs - fromNs) / 1e9

describe('three that race, with clocks ten minutes apart', () => {
  test('one of them acts; when it is told to end, another does within two seconds', async () => {
    await using election = await Election.begin()
    const started = await Promise.all(
      [-1, 0, 1].map(i => election.start({ identity: `racer-${i}`, clockOffsetMs: i * TEN_MINUTES_MS })),
    )
    await Promise.all(started.map(each => each.isCandidate()))
    let [leader] = await election.nextOf(started, 0n)
    const left = new Set(started)
    for (let transitions = 1; transitions <= 2; transitions++) {
      left.delete(leader)
      const toldNs = leader.signal('SIGTERM')
      const [next, atNs] = await election.nextOf([...left], toldNs)
      expect(seconds(toldNs, atNs)).toBeLessThan(2)
      await leader.ended
      leader = next
      expect((await election.lease()).spec).toMatchObject({
        holderIdentity: leader.identity,
        leaseTransitions: transitions,
      })
    }
    leader.signal('SIGTERM')
    await leader.ended
    expect((await election.lease()).spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 })
    election.check()
  })

  test('when the leader is killed, another acts within 17 seconds', async () => {
    await using election = await Election.begin()
    const [leader, ...others] = await election.candidates('first', 'second', 'third')
    const killedNs = leader.signal('SIGKILL')
    const [, atNs] = await election.nextOf(others, killedNs)
    expect(seconds(killedNs, atNs)).toBeLessThan(17)
    election.check()
  })

  test('a killed leader that comes back with its identity goes on at once', async () => {
    await using election = await Election.begin()
    const [leader] = await election.candidates('first', 'second')
    leader.signal('SIGKILL')
    await leader.ended
    const { renewTime } = (await election.lease()).spec!
    const again = await election.start({ identity: 'first' })
    await again.isCandidate()
    const { spec } = await until('the Lease is renewed', async () => {
      const lease = await election.lease()
      return lease.spec?.renewTime === renewTime ? undefined : lease
    })
    expect(spec).toMatchObject({ holderIdentity: 'first', leaseTransitions: 0 })
  })
})

test('a leader that is cut off stops by itself before another acts, and what it had sent does no harm when it arrives', async () => {
  await using election = await Election.begin()
  const [leader, ...others] = await election.candidates('first', 'second', 'third')
  const cutNs = process.hrtime.bigint()
  const cut = leader.proxy.cut()
  const [next, atNs] = await election.nextOf(others, cutNs)
  expect(seconds(cutNs, atNs)).toBeLessThan(17)
  expect(seconds(cutNs, leader.tenures[0]!.lastNs)).toBeLessThan(11)
  cut[Symbol.dispose]()
  // It is back, and waits for its turn.
  await leader.follows()
  await next.actsAfter(process.hrtime.bigint())
  expect(leader.tenures.length).toBe(1)
  election.check()
})

test('a leader that is stopped for longer than the Lease never acts when it wakes', async () => {
  await using election = await Election.begin()
  const [leader, ...others] = await election.candidates('first', 'second', 'third')
  const stoppedNs = leader.signal('SIGSTOP')
  const [next, atNs] = await election.nextOf(others, stoppedNs)
  expect(seconds(stoppedNs, atNs)).toBeLessThan(17)
  leader.signal('SIGCONT')
  await leader.follows()
  await next.actsAfter(process.hrtime.bigint())
  expect(leader.tenures.length).toBe(1)
  // It is a candidate like any other again.
  for (const other of others) other.signal('SIGTERM')
  await Promise.all(others.map(({ ended }) => ended))
  await until('the first leads again', () => leader.tenures.length === 2)
  election.check()
})

test('the check itself sees two that act at the same time', () => {
  expect(overlaps(tenures('a 1 100\nb 1 150\na 1 200\n'))).toMatchObject([{ identity: 'b' }])
  expect(overlaps(tenures('a 1 100\na 1 200\nb 1 201\na 2 300\n'))).toEqual([])
  expect(interleaved(['a 1', 'a 1', 'b 1', 'a 1'])).toEqual(['a 1'])
  expect(interleaved(['a 1', 'b 1', 'b 1', 'a 2'])).toEqual([])
})
