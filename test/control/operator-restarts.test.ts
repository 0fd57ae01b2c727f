/** A control plane that is killed again and again under TraceJobs of every fate: none fails for it, and the operator lives on. */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { until } from '../kernel/poll.ts'
import { Chance } from './chance.ts'
import { JobChurn } from './job-churn.ts'
import { addNodesOfKinds, JOB_KINDS } from './job-kinds.ts'
import { JobWitness } from './job-witness.ts'
import { Liveness } from './liveness.ts'
import type { Operator } from './operator-process.ts'
import { OperatorScene } from './operator-scene.ts'

const JOBS = 8
// An agent that can not tell in time that it traces, since nobody is there to be told, would rightly count as one that never did.
const KINDS = JOB_KINDS.filter(({ name }) => name !== 'silent')
const LONGEST_PEACE_MS = 2000
/** Sockets of its connections, its own two servers and whoever asks them, and what Node itself has. */
const MOST_DESCRIPTORS = 80

let scene: OperatorScene
let operator: Operator
beforeAll(async () => {
  scene = await OperatorScene.open()
  await addNodesOfKinds(scene, KINDS)
  operator = await scene.operator().leading()
  return async () => {
    await operator[Symbol.asyncDispose]()
    await scene[Symbol.asyncDispose]()
  }
})

test.each([
  ['kube-apiserver', 20],
  ['etcd', 3],
  ['kube-controller-manager', 3],
] as const)('kill -9 of %s, %i times', async (component, kills) => {
  const chance = new Chance(kills)
  await using witness = await JobWitness.of(scene.client)
  await using liveness = new Liveness(operator)
  const churn = new JobChurn({ scene, witness, chance, jobs: JOBS, kinds: KINDS })
  for (let kill = 0; kill < kills; kill++) {
    await sleep(chance.between(0, LONGEST_PEACE_MS))
    await scene.cluster.components[component].restart()
    await scene.cluster.whenReady()
    if (churn.failure) throw churn.failure
  }
  await churn.stop()
  expect(churn.ended).toBeGreaterThanOrEqual(JOBS)
  expect(witness.contradictions).toEqual([])
  await until('no DaemonSet is left', () => witness.daemonSets === 0)
  expect(liveness.answers).toBeGreaterThan(kills)
  expect(liveness.failures).toEqual([])
  expect((await operator.health('/readyz')).status).toBe(200)
})

test('it was one operator all the time, without a defect, and nothing of all that is left in it', async () => {
  expect(operator.log.filter(({ msg }) => msg === 'started')).toHaveLength(1)
  expect(operator.log.filter(({ level }) => level >= 50)).toEqual([])
  await operator.leading()
  expect(await operator.metric('process_open_fds')).toBeLessThan(MOST_DESCRIPTORS)
})
