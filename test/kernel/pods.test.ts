import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from './poll.ts'
import { counted, OPENER, TestNode, whose } from './traced-pods.ts'

let node: TestNode
beforeAll(async () => {
  node = await TestNode.start()
})
afterAll(() => node[Symbol.asyncDispose]())

describe('with scope Namespace', () => {
  test('opens of its pods are told apart, and nothing else is seen', async () => {
    const web = node.container({ name: 'web' })
    const setup = node.container({ name: 'db', container: 'setup' })
    const foreign = node.container({ name: 'bank', namespace: 'other' })
    const { events, report, ledger } = await node.trace({}, async () => {
      await node.open(web.cgroup, node.path('web'), 3)
      await node.open(setup.cgroup, node.path('db'), 2)
      await node.open(foreign.cgroup, node.path('bank'), 5)
      await node.open(node.hostCgroup('system.slice'), node.path('host'), 5)
    })
    expect(whose(events)).toEqual([
      ...Array(3).fill(['web.missing', 'shop', 'web', 'app']),
      ...Array(2).fill(['db.missing', 'shop', 'db', 'setup']),
    ])
    expect(report.top!.pods).toEqual([
      { namespace: 'shop', pod: 'web', count: 3 },
      { namespace: 'shop', pod: 'db', count: 2 },
    ])
    expect(report.newest!.map(({ pod }) => pod)).toEqual(['db', 'db', 'web', 'web'])
    expect(ledger.lost).toBe(0)
  })

  test('the first opens of a container made in mid-trace are seen, though it lives for milliseconds', async () => {
    const lives = 20
    const { events, ledger } = await node.trace({}, async () => {
      for (let i = 0; i < lives; i++) {
        await using opener = await node.opener(node.path(`life-${i}`), 10)
        const { cgroup } = node.container({ name: `life-${i}` })
        node.enter(cgroup, opener)
        await counted(opener)
        await node.remove(cgroup)
      }
    })
    const wanted = Array.from({ length: lives }, (_, i) =>
      Array(10).fill([`life-${i}.missing`, 'shop', `life-${i}`, 'app']),
    )
    expect(whose(events)).toEqual(wanted.flat())
    expect(ledger.lost).toBe(0)
  })

  test('a foreign pod that opens at full speed beside a wanted one does not show, and nothing is lost', async () => {
    const wanted = node.container({ name: 'quiet' })
    const known = node.container({ name: 'loud', namespace: 'other' })
    const opens = { wanted: 0, foreign: 0 }
    const { events, ledger, report } = await node.trace({}, async () => {
      await using foreign = await node.opener(node.path('loud'), 200_000)
      await using late = await node.opener(node.path('late'), 100_000)
      await using own = await node.opener(node.path('quiet'), 20_000)
      node.enter(known.cgroup, foreign)
      node.enter(wanted.cgroup, own)
      const all = [counted(foreign), counted(own)]
      node.enter(node.container({ name: 'late', namespace: 'other' }).cgroup, late)
      all.push(counted(late))
      const [loud, quiet, later] = await Promise.all(all)
      opens.foreign = loud! + later!
      opens.wanted = quiet!
    })
    expect(new Set(events.map(({ namespace }) => namespace))).toEqual(new Set(['shop']))
    // A slow machine may lose some, of either; it says so then.
    expect(events.length).toBeLessThanOrEqual(opens.wanted)
    expect(events.length + ledger.lost).toBeGreaterThanOrEqual(opens.wanted)
    expect(ledger.lostBy.unattributed).toBe(0)
    expect(ledger.filtered).toBeGreaterThanOrEqual(opens.foreign)
    expect(JSON.stringify(report)).not.toContain('loud')
    expect(JSON.stringify(report)).not.toContain('other')
  })

  test('a pod that is deleted keeps its opens until its last process ends', async () => {
    const { events } = await node.trace({}, async () => {
      const { pod, cgroup } = node.container({ name: 'ending' })
      await node.open(cgroup, node.path('before'), 2)
      node.pods.delete(pod.uid)
      await node.open(cgroup, node.path('after'), 2)
    })
    expect(whose(events)).toEqual([
      ...Array(2).fill(['before.missing', 'shop', 'ending', 'app']),
      ...Array(2).fill(['after.missing', 'shop', 'ending', 'app']),
    ])
  })

  test('a cgroup within a container is the container', async () => {
    const { events } = await node.trace({}, async () => {
      const outer = node.container({ name: 'nest' })
      await node.open(node.nested(outer, '/init.scope'), node.path('nested'))
      await node.open(node.nested(outer, '/a/b/c/d/e/f/g/h/i/j/k/l/m/n'), node.path('deep'))
    })
    expect(whose(events)).toEqual([
      ['nested.missing', 'shop', 'nest', 'app'],
      ['deep.missing', 'shop', 'nest', 'app'],
    ])
  })

  test('a static pod is found by the hash of its manifest', async () => {
    const staticHash = '3f7a1b2c4d5e6f708192a3b4c5d6e7f8'
    const { events } = await node.trace({}, async () => {
      const { cgroup } = node.container({ name: 'etcd-here', staticHash })
      await node.open(cgroup, node.path('etcd'))
    })
    expect(whose(events)).toEqual([['etcd.missing', 'shop', 'etcd-here', 'app']])
  })
})

describe('with selectors', () => {
  test('a pod that is labelled anew is seen, or not, from then on', async () => {
    const podSelector = { matchLabels: { trace: 'yes' } }
    const { events } = await node.trace({ podSelector }, async running => {
      const { pod, cgroup } = node.container({ name: 'labelled' })
      const seen = (count: number) => until('seen', () => running.progress().ledger.received === count)
      await node.open(cgroup, node.path('no'), 4)
      node.pods.put({ ...pod, labels: { trace: 'yes' } })
      await node.open(cgroup, node.path('yes'), 4)
      await seen(4)
      node.pods.put({ ...pod, labels: {} })
      await node.open(cgroup, node.path('no'), 4)
      node.pods.put({ ...pod, labels: { trace: 'yes' } })
      await node.open(cgroup, node.path('again'), 4)
      await seen(8)
    })
    expect(whose(events)).toEqual([
      ...Array(4).fill(['yes.missing', 'shop', 'labelled', 'app']),
      ...Array(4).fill(['again.missing', 'shop', 'labelled', 'app']),
    ])
  })

  test('containers are told apart within one pod, before their kubelet has named them', async () => {
    const { events, ledger } = await node.trace({ containerNames: ['init'] }, async running => {
      const init = node.container({ name: 'two', container: 'init' })
      const app = node.container({ name: 'two', uid: init.pod.uid, isKnown: false })
      await node.open(app.cgroup, node.path('app'), 3)
      await node.open(init.cgroup, node.path('init'), 3)
      const filtered = running.progress().ledger.filtered
      node.pods.put({ ...init.pod, containers: new Map([...init.pod.containers, ...app.pod.containers]) })
      await until('it is known', () => running.progress().ledger.filtered >= filtered + 3)
    })
    expect(whose(events)).toEqual(Array(3).fill(['init.missing', 'shop', 'two', 'init']))
    expect(ledger.lost).toBe(0)
  })
})

describe('with scope Cluster and no selector', () => {
  test('every pod is told, and the host has none', async () => {
    const one = node.container({ name: 'one' })
    const other = node.container({ name: 'other', namespace: 'other' })
    const { events } = await node.trace({ scope: 'Cluster', filter: OPENER }, async () => {
      await node.open(one.cgroup, node.path('one'))
      await node.open(other.cgroup, node.path('other'))
      await node.open(node.hostCgroup('system.slice'), node.path('host'))
    })
    expect(whose(events)).toEqual([
      ['one.missing', 'shop', 'one', 'app'],
      ['other.missing', 'other', 'other', 'app'],
      ['host.missing', undefined, undefined, undefined],
    ])
    expect(events[2]).not.toHaveProperty('unattributed')
  })
})
