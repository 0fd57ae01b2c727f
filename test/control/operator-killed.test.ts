/**
 * kill -9 of the operator at random points, again and again, under TraceJobs of every fate: what it had begun its successor ends, and
 * nothing is done twice. TRACEJOB_KILLS makes it longer, TRACEJOB_SEED gives the chance of another run again.
 */
import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { until } from '../kernel/poll.ts'
import { Chance } from './chance.ts'
import { JobChurn } from './job-churn.ts'
import { addNodesOfKinds } from './job-kinds.ts'
import { JobWitness } from './job-witness.ts'
import { anyMoment, kill } from './killing.ts'
import { OWN_NAMESPACE } from './operator-process.ts'
import { OperatorScene } from './operator-scene.ts'

const KILLS = Number(process.env.TRACEJOB_KILLS ?? 100)
const SEED = Number(process.env.TRACEJOB_SEED ?? randomInt(2 ** 31))
const JOBS = 20
/** Of a start, its death, and what other tests leave of the machine. */
const KILL_MS = 10_000

test(
  `${KILLS} times kill -9 under ${JOBS} TraceJobs, by chance of TRACEJOB_SEED=${SEED}`,
  async () => {
    await using scene = await OperatorScene.open()
    await addNodesOfKinds(scene)
    await using witness = await JobWitness.of(scene.client)
    const chance = new Chance(SEED)
    const churn = new JobChurn({ scene, witness, chance: new Chance(SEED), jobs: JOBS })
    for (let kills = 0; kills < KILLS; kills++) {
      await using operator = scene.operator()
      await kill(operator, anyMoment(chance), scene.proxy)
      expect(operator.log.filter(({ level }) => level >= 50)).toEqual([])
      expect(witness.contradictions).toEqual([])
      if (churn.failure) throw churn.failure
    }

    await using operator = await scene.operator().leading()
    await churn.stop()
    expect(churn.ended).toBeGreaterThan(JOBS)
    await until('no DaemonSet is left', () => witness.daemonSets === 0)
    await until('no TraceJob or report is left', async () => {
      return (await scene.kubectl('get', 'tj,tr', '-A', '-o=name')) === ''
    })
    await until('no agent is left', async () => {
      return (await scene.kubectl('get', 'pods', '-n', OWN_NAMESPACE, '-o=name')) === ''
    })
    expect(witness.contradictions).toEqual([])
    expect(operator.log.filter(({ level }) => level >= 50)).toEqual([])
  },
  KILLS * KILL_MS + 600_000,
)
