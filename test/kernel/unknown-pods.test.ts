import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from './poll.ts'
import { OPENER, TestNode, whose } from './traced-pods.ts'

let node: TestNode
beforeAll(async () => {
  node = await TestNode.start()
})
afterAll(() => node[Symbol.asyncDispose]())

test('opens wait for a pod that the API server tells of later', async () => {
  const { events, ledger } = await node.trace({}, async running => {
    const late = node.container({ name: 'late', isKnown: false })
    const foreign = node.container({ name: 'foreign', namespace: 'other', isKnown: false })
    await node.open(late.cgroup, node.path('late'), 30)
    await node.open(foreign.cgroup, node.path('foreign'), 30)
    await sleep(2000)
    expect(running.progress().ledger.received).toBe(0)
    node.pods.put(late.pod, foreign.pod)
    await until('they are seen', () => running.progress().ledger.received === 30)
    await node.open(late.cgroup, node.path('late'), 5)
  })
  expect(whose(events)).toEqual(Array(35).fill(['late.missing', 'shop', 'late', 'app']))
  expect(ledger.lost).toBe(0)
})

test('opens of a pod that nobody ever tells of are shown to nobody, and counted', async () => {
  const { events, ledger } = await node.trace({}, async () => {
    const { cgroup } = node.container({ name: 'nobody', isKnown: false })
    await node.open(cgroup, node.path('nobody'), 40)
  })
  expect(events).toEqual([])
  expect(ledger.lostBy.unattributed).toBe(40)
  expect(ledger.lost).toBe(40)
})

test('what an unknown pod opens at full speed takes no more than its room, and the rest is counted', async () => {
  let count = 0
  const { events, ledger } = await node.trace({}, async running => {
    const late = node.container({ name: 'flood', isKnown: false })
    count = await node.open(late.cgroup, node.path('flood'), 150_000)
    const first = node.container({ name: 'first', isKnown: false })
    await node.open(first.cgroup, node.path('first'), 10)
    node.pods.put(late.pod, first.pod)
    await until('they are seen', () => running.progress().ledger.received > 10)
  })
  expect(events.filter(({ pod }) => pod === 'first')).toHaveLength(10)
  expect(ledger.lostBy.unattributed).toBeGreaterThan(0)
  expect(events.length - 10 + ledger.lost).toBe(count)
})

test('what nobody can tell is shown all the same, and says so', async () => {
  const { events, ledger } = await node.trace({ scope: 'Cluster', filter: OPENER }, async () => {
    const { cgroup } = node.container({ name: 'nobody', isKnown: false })
    await node.open(cgroup, node.path('nobody'), 3)
  })
  expect(events.map(({ unattributed, pod }) => [unattributed, pod])).toEqual(Array(3).fill([true, undefined]))
  expect(ledger.lost).toBe(0)
})
