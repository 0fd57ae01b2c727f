/** The reflector against a real API server that is killed, stopped, and made to forget. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Client } from '../../kube/client.ts'
import type { ClientOptions } from '../../kube/client-options.ts'
import { isGone } from '../../kube/errors.ts'
import { fromKubeconfig } from '../../kube/kubeconfig.ts'
import type { KubeObject, WatchEvent } from '../../kube/object.ts'
import { Reflector, type ReflectorOptions } from '../../kube/reflector.ts'
import { silentLog } from '../../kube/server.fake.ts'
import { startCluster, type TestCluster } from '../cluster/cluster.ts'
import { CONFIG_MAPS } from './churn.ts'
import { compact } from './compaction.ts'
import { StubbornChurn } from './stubborn-churn.ts'

let cluster: TestCluster
beforeAll(async () => {
  cluster = await startCluster({ without: ['kube-controller-manager', 'kube-scheduler'] })
})
afterAll(() => cluster?.[Symbol.asyncDispose]())

const LONG = 120_000
const PLACE = { resource: CONFIG_MAPS, namespace: 'default' }

const apiServer = () => cluster.components['kube-apiserver']

function openClient(options: Partial<ClientOptions> = {}): Client {
  const credentials = fromKubeconfig({ path: cluster.kubeconfig })
  return new Client(credentials, { userAgent: 'tracejob-test/1', log: silentLog, ...options })
}

/** What the objects are, and in which state. */
const states = (objects: Iterable<KubeObject>) =>
  Array.from(objects, ({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`).sort()

/** What the reflector asks of a client, and what a test does just before. */
class Asked implements Pick<Client, 'list' | 'watch'> {
  /** How each page was asked for. */
  readonly pages: ('first' | 'next' | 'all')[] = []
  /** How a page was refused. */
  readonly refusals: unknown[] = []
  /** Where each watch was to begin. */
  readonly watches: unknown[] = []
  beforePage: (page: number) => Promise<void> = async () => {}
  beforeWatch: (watch: number) => Promise<void> = async () => {}
  watchSeconds: number | undefined
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  list: Client['list'] = async (resource, query, options) => {
    await this.beforePage(this.pages.length)
    this.pages.push(query?.continue ? 'next' : query?.limit ? 'first' : 'all')
    try {
      return await this.#client.list<never>(resource, query, options)
    } catch (error) {
      this.refusals.push(error)
      throw error
    }
  }

  async *watch<T>(...[resource, query, signal]: Parameters<Client['watch']>): AsyncGenerator<WatchEvent<T>> {
    await this.beforeWatch(this.watches.length)
    this.watches.push(query.resourceVersion)
    const timeoutSeconds = this.watchSeconds ?? query.timeoutSeconds
    yield* this.#client.watch<T>(resource, { ...query, timeoutSeconds }, signal)
  }
}

interface Setup extends Partial<ReflectorOptions<KubeObject>> {
  client?: Client
  prepare?: (asked: Asked) => void
}

/** A reflector of config maps that runs, and the truth to hold it against. */
async function setup({ client = openClient(), prepare, ...options }: Setup = {}) {
  const truth = openClient()
  const stop = new AbortController()
  const asked = new Asked(client)
  prepare?.(asked)
  const reflector = new Reflector({ client: asked, ...PLACE, log: silentLog, pageSize: 10, ...options })
  /** By those who only listen. */
  const believed = new Map<string, KubeObject>()
  reflector.on(({ type, object }) => {
    if (type === 'deleted') believed.delete(object.metadata.name)
    else believed.set(object.metadata.name, object)
  })
  const running = reflector.run(stop.signal)
  await reflector.synced

  /** Rejects unless the store and its listeners know the truth within that time. */
  async function knowsWithin(milliseconds: number): Promise<void> {
    const { items } = await truth.list<KubeObject>(CONFIG_MAPS, { namespace: 'default' })
    const compare = () => {
      expect(states(reflector.store.list())).toEqual(states(items))
      expect(states(believed.values())).toEqual(states(items))
    }
    await vi.waitFor(compare, { timeout: milliseconds, interval: 20 })
  }

  async function end(): Promise<void> {
    stop.abort()
    await running
    await client[Symbol.asyncDispose]()
    await truth[Symbol.asyncDispose]()
  }
  return { reflector, asked, truth, knowsWithin, [Symbol.asyncDispose]: end }
}

/** Waits for that many more changes that the API server acknowledges. */
function changes(churn: StubbornChurn, count: number): Promise<void> {
  const before = churn.acknowledged
  const enough = () => expect(churn.acknowledged).toBeGreaterThanOrEqual(before + count)
  return vi.waitFor(enough, { timeout: LONG, interval: 10 })
}

/** As many config maps as several pages hold. */
async function fill(client: Client): Promise<void> {
  for (let i = 0; i < 35; i++) {
    const metadata = { namespace: 'default', name: `fill-${i}` }
    const data = { time: String(performance.now()) }
    const object: KubeObject & { data: object } = { metadata, data }
    await client.apply(CONFIG_MAPS, object, { fieldManager: 'test' })
  }
}

describe('the store knows the truth', () => {
  test('ten seconds after the API server is ready, through 20 times kill -9 under churn', async () => {
    await using writer = openClient()
    await using churn = new StubbornChurn(writer)
    await using given = await setup()
    for (let kill = 0; kill < 20; kill++) {
      await changes(churn, 20)
      await apiServer().restart()
      await cluster.whenReady()
      const readyAt = performance.now()
      await churn.pause()
      await given.knowsWithin(10_000 - (performance.now() - readyAt))
      churn.resume()
    }
  })

  test('when etcd was killed and is back', async () => {
    await using writer = openClient()
    await using churn = new StubbornChurn(writer)
    await using given = await setup()
    for (let kill = 0; kill < 3; kill++) {
      await changes(churn, 20)
      await cluster.components.etcd.restart()
      await cluster.whenReady()
      await changes(churn, 20)
      await churn.pause()
      await given.knowsWithin(LONG)
      churn.resume()
    }
  })

  test('when the API server stood still for longer than a watch may be silent', async () => {
    const client = openClient({ watchSilenceSeconds: 2, requestTimeoutSeconds: 2 })
    await using given = await setup({ client })
    const before = given.asked.watches.length
    await apiServer().pause()
    const isTriedAgain = () => expect(given.asked.watches.length).toBeGreaterThan(before + 1)
    await vi.waitFor(isTriedAgain, { timeout: LONG })
    apiServer().resume()
    await cluster.whenReady()
    await fill(given.truth)
    await given.knowsWithin(LONG)
  })
})

/** Another process with the same past, of which it remembers nothing; nor does etcd. */
async function forget(writer: Client): Promise<void> {
  await fill(writer)
  await compact(cluster)
  await apiServer().restart()
  await cluster.whenReady()
}

describe('it lists again', () => {
  test('from the beginning when a page can not be had any more, and all at once when that happens again', async () => {
    await using writer = openClient()
    await fill(writer)
    const prepare = (asked: Asked) => {
      asked.beforePage = async page => (page === 1 || page === 3 ? forget(writer) : undefined)
    }
    await using given = await setup({ prepare })
    await given.knowsWithin(LONG)
    expect(given.asked.pages).toEqual(['first', 'next', 'first', 'next', 'all'])
    expect(given.asked.refusals.map(isGone)).toEqual([true, true])
  })

  test('when the watch can not be gone on with', async () => {
    await using writer = openClient()
    await fill(writer)
    const prepare = (asked: Asked) => {
      asked.watchSeconds = 2
      asked.beforeWatch = async watch => (watch === 1 ? forget(writer) : undefined)
    }
    await using given = await setup({ prepare })
    const { pages } = given.asked
    const pagesBefore = pages.length
    const hasListed = () => expect(pages.length).toBe(2 * pagesBefore)
    await vi.waitFor(hasListed, { timeout: LONG })
    await given.knowsWithin(LONG)
  })
})

test('a watch that ends in its time is gone on with, and nothing is listed', async () => {
  await using writer = openClient()
  await using churn = new StubbornChurn(writer)
  await using given = await setup({ prepare: asked => Object.assign(asked, { watchSeconds: 2 }) })
  const { pages, watches } = given.asked
  const pagesBefore = pages.length
  const isFifth = () => expect(watches.length).toBeGreaterThanOrEqual(5)
  await vi.waitFor(isFifth, { timeout: LONG })
  await churn.pause()
  await given.knowsWithin(LONG)
  expect(pages).toHaveLength(pagesBefore)
  expect(new Set(watches).size).toBe(watches.length)
})
