/** The operator as a process before a real control plane; nodes, kubelets and agents are played (test/fleet). */
import { beforeAll, describe, expect, test } from 'vitest'
import { LABELS } from '../../crds/labels.ts'
import { TRACES } from '../fleet/behaviour.ts'
import { until } from '../kernel/poll.ts'
import type { Operator } from './operator-process.ts'
import { conditionOf, OperatorScene } from './operator-scene.ts'

let scene: OperatorScene
let operator: Operator
beforeAll(async () => {
  scene = await OperatorScene.open()
  operator = await scene.operator().leading()
  return async () => {
    await operator[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  }
})

test('apply, DaemonSet, reports, Complete, and in the end nothing is left but what was said', async () => {
  const nodeSelector = await scene.nodes('happy', { a: TRACES, b: TRACES, c: TRACES })
  const job = await scene.apply('happy', { nodeSelector, durationSeconds: 3, logRetentionSeconds: 2 })
  const uid = job.metadata.uid!
  await scene.tracing({ name: 'happy' })
  const [daemonSet, ...more] = await scene.daemonSets(uid)
  expect(more).toEqual([])
  expect(daemonSet.metadata.labels).toMatchObject({
    [LABELS.job]: 'happy',
    [LABELS.jobNamespace]: 'default',
    [LABELS.jobUid]: uid,
    'app.kubernetes.io/instance': 'tracejob',
  })
  expect(daemonSet.spec.updateStrategy).toEqual({ type: 'OnDelete' })

  await scene.kubectl('wait', '--for=condition=Complete', 'tj/happy', '--timeout=90s')
  const status = await scene.ended({ name: 'happy' })
  expect(status).toMatchObject({
    state: 'Completed',
    nodes: { desired: 3, completed: 3, failed: 0, summary: '3/3' },
  })
  expect(status.events!.observed).toBeGreaterThan(0)
  expect(conditionOf(status, 'Complete')).toMatchObject({ status: 'True', reason: 'AllNodesFinished' })
  expect(conditionOf(status, 'Lossless')).toMatchObject({ status: 'True', reason: 'NothingLost' })
  const reports = await scene.reports({ name: 'happy' })
  expect(reports.map(({ spec }) => spec.nodeName).sort()).toEqual(['happy-a', 'happy-b', 'happy-c'])
  const owners = reports.flatMap(({ metadata }) => metadata.ownerReferences?.map(owner => owner.uid))
  expect(owners).toEqual([uid, uid, uid])

  await until('the DaemonSet is gone', async () => (await scene.daemonSets(uid)).length === 0)
  expect((await scene.reports({ name: 'happy' })).length).toBe(3)
  expect((await scene.job({ name: 'happy' }))!.status).toEqual(status)
  const events = await scene.kubectl(
    'events',
    '--for=tracejob/happy',
    '-o=jsonpath={range .items[*]}{.reason} {end}',
  )
  expect(events.trim().split(' ').sort()).toEqual(['Completed', 'Started', 'Tracing'])
})

test('two at once on the same nodes do not meet', async () => {
  const nodeSelector = await scene.nodes('both', { a: TRACES, b: TRACES })
  const names = ['one', 'two']
  for (const name of names) await scene.apply(name, { nodeSelector, durationSeconds: 3 })
  for (const name of names) {
    const status = await scene.ended({ name })
    expect(status).toMatchObject({ state: 'Completed', nodes: { desired: 2, completed: 2 } })
  }
})

test('without a duration it goes on until it is deleted', async () => {
  const nodeSelector = await scene.nodes('endless', { a: TRACES })
  await scene.apply('endless', { nodeSelector })
  const { nodes, events } = await scene.tracing({ name: 'endless' })
  expect(nodes).toMatchObject({ desired: 1, tracing: 1 })
  await scene.says(
    { name: 'endless' },
    'counts on',
    status => (status.events?.observed ?? 0) > (events?.observed ?? 0),
  )
  await scene.kubectl('delete', 'tj/endless')
})

test('the spec can not be edited', async () => {
  const nodeSelector = await scene.nodes('edited', { a: TRACES })
  await scene.apply('edited', { nodeSelector, durationSeconds: 2 })
  const patch = JSON.stringify({ spec: { durationSeconds: 9 } })
  const { code, stderr } = await scene.cluster.kubectl(['patch', 'tj/edited', '--type=merge', '-p', patch])
  expect(code).not.toBe(0)
  expect(stderr).toContain('can not be changed')
  expect(await scene.ended({ name: 'edited' })).toMatchObject({ state: 'Completed' })
})

test('ttlSecondsAfterFinished takes it away with all that belongs to it', async () => {
  const nodeSelector = await scene.nodes('brief', { a: TRACES })
  const job = await scene.apply('brief', {
    nodeSelector,
    durationSeconds: 1,
    logRetentionSeconds: 60,
    ttlSecondsAfterFinished: 1,
  })
  await until('it is gone', async () => !(await scene.job({ name: 'brief' })))
  await until('so are its reports', async () => (await scene.reports({ name: 'brief' })).length === 0)
  await until('and its DaemonSet', async () => (await scene.daemonSets(job.metadata.uid!)).length === 0)
})

test('one that comes again under its name is another', async () => {
  const nodeSelector = await scene.nodes('again', { a: TRACES })
  const first = await scene.apply('again', { nodeSelector, durationSeconds: 600 })
  await scene.tracing({ name: 'again' })
  await scene.kubectl('delete', 'tj/again')
  const second = await scene.apply('again', { nodeSelector, durationSeconds: 2 })
  expect(second.metadata.uid).not.toBe(first.metadata.uid)
  expect(await scene.ended({ name: 'again' })).toMatchObject({ state: 'Completed', nodes: { completed: 1 } })
  await until(
    'the first DaemonSet is gone',
    async () => (await scene.daemonSets(first.metadata.uid!)).length === 0,
  )
  expect(await scene.daemonSets(second.metadata.uid!)).toHaveLength(1)
})

describe('the line of those that wait', () => {
  test('the oldest is next, each says its place, and one that ends or is deleted lets the next begin', async () => {
    await operator[Symbol.asyncDispose]()
    const nodeSelector = await scene.nodes('line', { a: TRACES })
    for (const [place, name] of ['first', 'second', 'third', 'fourth'].entries()) {
      await scene.apply(name, { nodeSelector, durationSeconds: name === 'first' ? 600 : 2 })
      // Ages have whole seconds.
      if (place < 3) await new Promise(resolve => setTimeout(resolve, 1100))
    }
    operator = await scene.operator({ TRACEJOB_MAX_RUNNING_JOBS: '1' }).leading()
    await scene.tracing({ name: 'first' })
    const waiting = await scene.says({ name: 'fourth' }, 'waits', status => conditionOf(status, 'Tracing'))
    expect(conditionOf(waiting, 'Tracing')).toMatchObject({ status: 'False', reason: 'WaitingForTurn' })
    expect(conditionOf(waiting, 'Tracing')!.message).toContain('2 more wait before it')
    expect(await scene.daemonSets((await scene.job({ name: 'second' }))!.metadata.uid!)).toEqual([])

    await scene.kubectl('delete', 'tj/first')
    const ends = await Promise.all(['second', 'third', 'fourth'].map(name => scene.ended({ name })))
    expect(ends.map(({ state }) => state)).toEqual(['Completed', 'Completed', 'Completed'])
    const starts = ends.map(({ startTime }) => Date.parse(startTime!))
    expect(starts).toEqual(starts.toSorted())
    const [second, third] = ends
    expect(Date.parse(third.startTime!)).toBeGreaterThanOrEqual(Date.parse(second.completionTime!))
  })
})
