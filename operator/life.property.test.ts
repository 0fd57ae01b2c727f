/** Whole lives of TraceJobs: nodes, agents, people and the operator itself do what they like, and then nothing more happens. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasEnded } from './ended.ts'
import { aReport, NOON, SETTINGS } from './fixtures.ts'
import { nextLook } from './next-look.ts'
import { isFinal } from './node-states.ts'
import { after, podMadeAt } from './plan.fake.ts'
import { plan } from './plan.ts'
import { aLiveJob, aPodStatus, aReportStatus } from './seen.arbitrary.ts'
import type { LiveTraceJob, Seen } from './seen.ts'
import { statusOf } from './status.ts'
import { secondsAfter } from './time.ts'

interface World {
  job: LiveTraceJob
  seen: Seen
  now: Date
}
type Happening = (world: World) => World

const seeing = (change: (seen: Seen, now: Date) => Partial<Seen>): Happening => {
  return world => ({ ...world, seen: { ...world.seen, ...change(world.seen, world.now) } })
}
const passing =
  (seconds: number): Happening =>
  world => ({ ...world, now: secondsAfter(world.now, seconds) })

const aNode = fc.constantFrom('a', 'b', 'c')

/** What the rest of the cluster does. */
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.integer({ min: 1, max: 100 }).map(passing),
  // The DaemonSet controller counts nodes, and creates an agent.
  fc.nat(4).map(desiredNumberScheduled =>
    seeing(({ daemonSet }) => ({
      daemonSet: daemonSet && { ...daemonSet, status: { observedGeneration: 1, desiredNumberScheduled } },
    })),
  ),
  fc.tuple(aNode, aPodStatus).map(([node, status]) =>
    seeing(({ pods, daemonSet }, now) => ({
      pods: daemonSet
        ? [...pods.filter(({ spec }) => spec.nodeName !== node), podMadeAt(node, now, status)]
        : pods,
    })),
  ),
  // An agent says something, unless it has said its last word.
  fc.tuple(aNode, aReportStatus).map(([node, status]) =>
    seeing(({ reports }) => ({
      reports: reports.map(each =>
        each.spec.nodeName === node && !isFinal(each.status) ? { ...each, status } : each,
      ),
    })),
  ),
  // A node goes away, with its pod.
  aNode.map(node => seeing(({ pods }) => ({ pods: pods.filter(({ spec }) => spec.nodeName !== node) }))),
  // Somebody deletes things by hand.
  fc.constant(seeing(() => ({ daemonSet: undefined, pods: [] }))),
  aNode.map(node =>
    seeing(({ reports }) => ({ reports: reports.filter(({ spec }) => spec.nodeName !== node) })),
  ),
  // Others run first.
  fc.nat(2).map(place => seeing(() => ({ place }))),
)

/** The operator looks, and dies after so many actions, or before it has written the status. */
function looked({ job, seen, now }: World, diesAfter = Number.POSITIVE_INFINITY): World {
  const actions = plan(job, seen, SETTINGS, now)
  const acted = actions.slice(0, diesAfter).reduce((each, action) => after(each, action, now), seen)
  if (actions.length > diesAfter) return { job, seen: acted, now }
  return { job: { ...job, status: statusOf(job, seen, [], SETTINGS, now) }, seen: acted, now }
}

/** Nothing happens any more but that the operator looks when it said it would. */
function leftAlone(start: World): World {
  let world = { ...start, seen: { ...start.seen, place: 0 } }
  for (let looks = 0; looks < 100; looks++) {
    for (let i = 0; i < 4; i++) world = looked(world)
    const next = nextLook(world.job, world.seen, world.now)
    if (!next) return world
    world = { ...world, now: next }
  }
  throw new Error('it never comes to rest')
}

const aLife = fc.array(fc.tuple(happening, fc.option(fc.nat(4), { nil: undefined })), { maxLength: 40 })

function lived(
  job: LiveTraceJob,
  life: [Happening, number | undefined][],
  see: (before: World, now: World) => void,
) {
  let world: World = {
    job,
    seen: { pods: [], reports: [aReport('c', {}, { ownerUid: 'old' })], place: 0 },
    now: NOON,
  }
  for (const [happens, diesAfter] of life) {
    const before = world
    world = looked(happens(world), diesAfter)
    see(before, world)
  }
  return leftAlone(world)
}

test('whatever happens, a TraceJob with a duration ends, and then its agents go', () => {
  fc.assert(
    fc.property(aLiveJob, aLife, (job, life) => {
      fc.pre(job.spec.durationSeconds !== undefined)
      const { job: last, seen } = lived(job, life, () => {})
      expect(hasEnded(last)).toBe(true)
      expect(seen.daemonSet).toBeUndefined()
    }),
    { numRuns: 300 },
  )
})

test('whatever happens, an end is for good, and who still traces is told to stop', () => {
  fc.assert(
    fc.property(aLiveJob, aLife, (job, life) => {
      const { job: last, seen } = lived(job, life, (before, now) => {
        if (hasEnded(before.job)) expect(now.job.status).toEqual(before.job.status)
      })
      if (!hasEnded(last)) return
      const untold = seen.reports.filter(({ metadata, spec, status }) => {
        const isOurs = metadata.ownerReferences?.[0].uid === job.metadata.uid
        return isOurs && !isFinal(status) && spec.durationSeconds !== 0
      })
      expect(untold).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test('whatever happens, what began has begun: the state goes forward only', () => {
  const order = ['Pending', 'Tracing', 'Completed', 'Failed']
  fc.assert(
    fc.property(aLiveJob, aLife, (job, life) => {
      lived(job, life, (before, now) => {
        const [was, is] = [before.job.status, now.job.status]
        expect(order.indexOf(is?.state ?? 'Pending')).toBeGreaterThanOrEqual(
          order.indexOf(was?.state ?? 'Pending'),
        )
        if (was?.startTime) expect(is?.startTime).toBe(was.startTime)
      })
    }),
    { numRuns: 300 },
  )
})
