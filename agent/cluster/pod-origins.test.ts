import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { FakeClock } from '../../kube/clock.fake.ts'
import type { Told } from '../origins.ts'
import type { CgroupListener, Cgroups } from './cgroup-tree.ts'
import type { Whereabouts } from './hierarchy.ts'
import { PodOrigins } from './pod-origins.ts'
import { aPod, FakePods } from './pods.fake.ts'
import type { Targeting } from './targets.ts'

const UID = '2f6d1c54-5a6d-4c1e-9e2d-8f0b3a7b1f3e'
const ID = 'a'.repeat(64)
const PATH = `/kubepods/pod${UID}/${ID}`
const MINUTE = 60_000

class FakeCgroups implements Cgroups {
  listener!: CgroupListener
  readonly there = new Map<bigint, Whereabouts>()

  start(listener: CgroupListener): void {
    this.listener = listener
    for (const [id, where] of this.there) if (typeof where === 'object') listener.born(id, where.path)
  }

  find(id: bigint): Whereabouts {
    return this.there.get(id) ?? 'gone'
  }
}

const NAMESPACED: Targeting = { scope: 'Namespace', namespace: 'shop', containerNames: [] }
const pod = (given = {}) => aPod({ uid: UID, name: 'web', containers: new Map([[ID, 'app']]), ...given })
const APP: Told = { verdict: 'wanted', whose: { namespace: 'shop', pod: 'web', container: 'app' } }
const NAMELESS: Told = { verdict: 'wanted', whose: { namespace: 'shop', pod: 'web' } }
const UNWANTED: Told = { verdict: 'unwanted' }
const UNTOLD: Told = { verdict: 'untold' }

/** Follows origins; what is told is in `told`, in order. */
function someOrigins(
  targeting: Partial<Targeting> = {},
  before: (pods: FakePods, cgroups: FakeCgroups) => void = () => {},
) {
  const pods = new FakePods()
  const cgroups = new FakeCgroups()
  const clock = new FakeClock()
  const names = new Map<string, string | null>()
  before(pods, cgroups)
  const origins = new PodOrigins({
    cgroups,
    pods,
    names: { look: (podUid, id, path) => names.get(`${podUid} ${id} ${path}`) },
    targeting: { ...NAMESPACED, ...targeting },
    log: pino({ level: 'silent' }),
    clock,
  })
  const told: [bigint, Told][] = []
  const forgotten: bigint[] = []
  origins.follow({ tell: (id, what) => told.push([id, what]), forget: id => forgotten.push(id) })
  const born = (id: bigint, path = PATH) => cgroups.listener.born(id, path)
  const name = (container: string | null) => names.set(`${UID} ${ID} ${PATH}`, container)
  return { origins, pods, cgroups, clock, names, told, forgotten, born, name }
}

describe('told at once', () => {
  test('is all that is there at the start', () => {
    const { told } = someOrigins({}, (pods, cgroups) => {
      pods.put(pod())
      cgroups.there
        .set(1n, { path: '/' })
        .set(2n, { path: PATH })
        .set(3n, { path: `${PATH}/init.scope` })
    })
    expect(told).toEqual([
      [1n, UNWANTED],
      [2n, APP],
      [3n, APP],
    ])
  })

  test('is a container whose pod and name are known, before anybody asks', () => {
    const { told, pods, born } = someOrigins()
    pods.put(pod())
    born(7n)
    expect(told).toEqual([[7n, APP]])
  })

  test('is one that nobody has seen come, when it is asked for', () => {
    const { told, pods, cgroups, origins } = someOrigins()
    pods.put(pod())
    cgroups.there.set(7n, { path: `${PATH}/a/b/c` }).set(8n, 'elsewhere')
    origins.ask(7n)
    origins.ask(8n)
    expect(told).toEqual([
      [7n, APP],
      [8n, UNWANTED],
    ])
  })

  test('is what was told before, when it is asked for again', () => {
    const { told, pods, born, origins } = someOrigins()
    pods.put(pod())
    born(7n)
    origins.ask(7n)
    expect(told).toEqual([
      [7n, APP],
      [7n, APP],
    ])
  })
})

test('the pod of another kubelet is none of ours', () => {
  const cgroups = new FakeCgroups()
  const pods = new FakePods()
  const log = pino({ level: 'silent' })
  const names = { look: () => undefined }
  const origins = new PodOrigins({ cgroups, pods, names, targeting: NAMESPACED, podsRoot: '/ours', log })
  pods.put(pod())
  const told: [bigint, Told][] = []
  origins.follow({ tell: (id, what) => told.push([id, what]), forget() {} })
  cgroups.listener.born(7n, `/ours${PATH}`)
  cgroups.listener.born(8n, `/theirs${PATH}`)
  expect(told).toEqual([
    [7n, APP],
    [8n, UNWANTED],
  ])
})

describe('waited for', () => {
  test('is the pod', () => {
    const { told, pods, born } = someOrigins()
    born(7n)
    expect(told).toEqual([])
    pods.put(pod())
    expect(told).toEqual([[7n, APP]])
  })

  test('is the name of the container, until the kubelet tells it', () => {
    const { told, pods, born } = someOrigins()
    pods.put(pod({ containers: new Map() }))
    born(7n)
    pods.put(pod({ containers: new Map() }))
    expect(told).toEqual([])
    pods.put(pod())
    expect(told).toEqual([[7n, APP]])
  })

  test('is its name, until the node says it', async () => {
    const { told, pods, born, name, clock } = someOrigins()
    pods.put(pod({ containers: new Map() }))
    born(7n)
    await clock.pass(100)
    expect(told).toEqual([])
    name('app')
    await clock.pass(30)
    expect(told).toEqual([[7n, APP]])
  })

  test('is no name of a sandbox', async () => {
    const { told, pods, born, name } = someOrigins()
    pods.put(pod({ containers: new Map() }))
    name(null)
    born(7n)
    expect(told).toEqual([[7n, NAMELESS]])
  })

  test('is its name no longer than it may take, and it is told better once it comes', async () => {
    const { told, pods, born, clock } = someOrigins()
    pods.put(pod({ containers: new Map() }))
    born(7n)
    await clock.pass(11_000)
    expect(told).toEqual([[7n, NAMELESS]])
    pods.put(pod())
    expect(told.at(-1)).toEqual([7n, APP])
  })

  test('is a path that comes to be known', async () => {
    const { told, pods, cgroups, origins, clock } = someOrigins()
    pods.put(pod())
    origins.ask(7n)
    await clock.pass(100)
    expect(told).toEqual([])
    cgroups.there.set(7n, { path: PATH })
    await clock.pass(30)
    expect(told).toEqual([[7n, APP]])
  })

  test.each([
    ['a path', 'gone' as const, 2000],
    ['a pod', { path: PATH }, MINUTE + 1000],
  ])('is %s no longer than it may take', async (_, where, ms) => {
    const { told, cgroups, origins, clock, pods } = someOrigins()
    cgroups.there.set(7n, where)
    origins.ask(7n)
    await clock.pass(ms)
    expect(told).toEqual([[7n, UNTOLD]])
    expect(clock.waiting).toBe(0)
    pods.put(pod())
    if (typeof where === 'object') expect(told.at(-1)).toEqual([7n, APP])
  })

  test('is nothing at the end', () => {
    const { told, pods, born, origins } = someOrigins()
    born(7n)
    pods.put(aPod({ uid: 'other', name: 'other' }))
    born(8n, `/kubepods/podother/${ID}`)
    origins.lastChance()
    expect(told).toEqual([
      [7n, UNTOLD],
      [8n, { verdict: 'wanted', whose: { namespace: 'shop', pod: 'other' } }],
    ])
  })

  test('is not what the pod alone decides', () => {
    const { told, pods, born } = someOrigins()
    pods.put(pod({ namespace: 'other', containers: new Map() }))
    born(7n)
    expect(told).toEqual([[7n, UNWANTED]])
  })
})

describe('told anew', () => {
  test('is a pod that is labelled otherwise, and only then', () => {
    const { told, pods, born } = someOrigins({ podSelector: { matchLabels: { trace: 'yes' } } })
    pods.put(pod())
    born(7n)
    pods.put(pod({ labels: { other: 'label' } }))
    pods.put(pod({ labels: { trace: 'yes' } }))
    pods.put(pod({ labels: { trace: 'yes', other: 'label' } }))
    pods.put(pod())
    expect(told.map(([, { verdict }]) => verdict)).toEqual(['unwanted', 'wanted', 'unwanted'])
  })

  test('are the pods of a namespace that is labelled otherwise', () => {
    const { told, pods, born } = someOrigins({
      scope: 'Cluster',
      namespaceSelector: { matchLabels: { env: 'prod' } },
    })
    pods.put(pod(), aPod({ uid: 'other', namespace: 'other', containers: new Map([[ID, 'x']]) }))
    pods.label('other', {})
    born(7n)
    born(8n, `/kubepods/podother/${ID}`)
    pods.label('shop', { env: 'prod' })
    pods.label('shop', {})
    expect(told.map(([id, { verdict }]) => [id, verdict])).toEqual([
      [8n, 'unwanted'],
      [7n, 'wanted'],
      [7n, 'unwanted'],
    ])
  })

  test('is a container whose kubelet calls it otherwise than the node did', () => {
    const { told, pods, born, name } = someOrigins()
    pods.put(pod({ containers: new Map() }))
    name('made-up')
    born(7n)
    pods.put(pod())
    expect(told).toEqual([
      [7n, { verdict: 'wanted', whose: { namespace: 'shop', pod: 'web', container: 'made-up' } }],
      [7n, APP],
    ])
  })

  test('is nothing when the pod is deleted, or its kubelet forgets a container that was restarted', async () => {
    const { told, pods, born, clock } = someOrigins()
    pods.put(pod())
    born(7n)
    pods.put(pod({ containers: new Map([['b'.repeat(64), 'app']]) }))
    await clock.pass(MINUTE)
    pods.put(pod({ containers: new Map() }))
    pods.delete(UID)
    await clock.pass(2 * MINUTE)
    expect(told).toEqual([[7n, APP]])
  })
})

describe('a cgroup that is gone', () => {
  test('is remembered for a while, as its last opens may still come', async () => {
    const { told, pods, born, cgroups, origins, clock, forgotten } = someOrigins()
    pods.put(pod())
    born(7n)
    cgroups.listener.gone(7n)
    await clock.pass(MINUTE)
    origins.ask(7n)
    expect(told).toHaveLength(2)
    expect(forgotten).toEqual([])
    await clock.pass(2 * MINUTE)
    expect(forgotten).toEqual([7n])
    expect(clock.waiting).toBe(0)
  })

  test('is told still if its pod comes to be known after it', async () => {
    const { told, pods, born, cgroups, clock } = someOrigins()
    born(7n)
    cgroups.listener.gone(7n)
    await clock.pass(30_000)
    pods.put(pod())
    expect(told).toEqual([[7n, APP]])
  })
})

test('nothing goes on once it is disposed of', async () => {
  const { origins, born, clock, pods, told } = someOrigins()
  born(7n)
  expect(clock.waiting).toBe(1)
  origins[Symbol.dispose]()
  expect(clock.waiting).toBe(0)
  pods.put(pod())
  expect(told).toEqual([])
})
