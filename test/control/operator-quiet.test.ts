/** Where nothing happens, nothing is written. All that an operator sends goes through a proxy of the test, which counts. */
import { expect, test } from 'vitest'
import { until } from '../kernel/poll.ts'
import { OperatorScene } from './operator-scene.ts'

const SECONDS = Number(process.env.TRACEJOB_STEADY_SECONDS ?? 60)
/** Nothing more is on its way. */
const CALM_MS = 3000

test(`${SECONDS} s of steady state write nothing but the Lease`, async () => {
  await using scene = await OperatorScene.open()
  const nodeSelector = await scene.nodes('quiet', {
    a: { does: 'trace', opensPerReport: 0 },
    b: { does: 'trace', opensPerReport: 0 },
    c: { does: 'fail', reason: 'BtfMissing', message: 'This kernel has no BTF.' },
  })
  await using operator = await scene.operator({ TRACEJOB_MAX_RUNNING_JOBS: '2' }).leading()
  await scene.apply('over', { nodeSelector, durationSeconds: 1, logRetentionSeconds: 3600 })
  await scene.ended({ name: 'over' })
  for (const name of ['endless', 'bounded']) {
    await scene.apply(name, { nodeSelector, ...(name === 'bounded' && { durationSeconds: 3600 }) })
    await scene.says(
      { name },
      'two nodes trace, one has failed',
      ({ nodes }) => nodes?.tracing === 2 && nodes.failed === 1,
    )
  }
  await scene.apply('waiting', { nodeSelector })
  await scene.says({ name: 'waiting' }, 'waits', ({ conditions }) => conditions)
  await using standby = await scene.operator({}, 'operator-1').ready()

  const calm = () => performance.now() - Math.max(...scene.writes().map(({ atMs }) => atMs)) > CALM_MS
  await until('all has been said', calm)
  const began = performance.now()
  const reconciles = await operator.metric('tracejob_operator_reconciles_total')
  const stays = async () => {
    expect(scene.writes(began).map(({ verb, path }) => `${verb} ${path}`)).toEqual([])
    return performance.now() - began > SECONDS * 1000
  }
  await until('the time is over', stays, SECONDS + 60)

  const leases = scene.proxy.writes({ resource: 'leases' }).filter(({ atMs }) => atMs >= began)
  // One each two seconds, by the leader alone.
  expect(leases.length).toBeGreaterThan(SECONDS / 4)
  expect(leases.length).toBeLessThan(SECONDS)
  expect(leases.every(({ body }) => body.includes('operator-0'))).toBe(true)
  // Nobody was idle only because nobody looked.
  expect(await operator.metric('tracejob_operator_jobs')).toBe(4)
  expect(await standby.metric('tracejob_operator_leader')).toBe(0)
  expect(await operator.metric('tracejob_operator_reconciles_total')).toBeLessThan(reconciles + SECONDS)
})
