import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aJob, atText } from './fixtures.ts'
import { placeInLine } from './line.ts'
import type { LiveTraceJob } from './seen.ts'

const made = (uid: string, seconds: number, more: Partial<LiveTraceJob> = {}): LiveTraceJob => {
  const job = aJob({}, more)
  return {
    ...job,
    metadata: { ...job.metadata, ...more.metadata, name: uid, uid, creationTimestamp: atText(seconds) },
  }
}
const done = { status: { conditions: [{ type: 'Complete', status: 'True' }] } } as never
const going = { metadata: { ...aJob().metadata, deletionTimestamp: atText(9) } }

/** The places of all of them, by uid; those in `running` have a DaemonSet. */
const places = (jobs: LiveTraceJob[], running: string[], max: number) =>
  Object.fromEntries(
    jobs.map(job => [
      job.metadata.uid,
      placeInLine(job, jobs, ({ metadata }) => running.includes(metadata.uid), max),
    ]),
  )

test('the oldest run, and the others wait in the order of their age', () => {
  expect(places([made('d', 4), made('b', 2), made('a', 1), made('c', 3)], [], 2)).toEqual({
    a: 0,
    b: 0,
    c: 1,
    d: 2,
  })
})

test('of one second, the uid decides', () => {
  expect(places([made('b', 1), made('a', 1)], [], 1)).toEqual({ a: 0, b: 1 })
})

test('who runs goes on, though an older one waits, or fewer may run than did', () => {
  expect(places([made('a', 1), made('b', 2), made('c', 3)], ['b', 'c'], 1)).toEqual({ a: 2, b: 0, c: 0 })
})

test('who has ended or is being deleted takes no place', () => {
  expect(places([made('a', 1, done), made('b', 2, going), made('c', 3)], ['a', 'b'], 1)).toMatchObject({
    c: 0,
  })
})

test('never more than so many run, somebody always does, and each waits behind another', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(5), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(5),
      (ages, max, n) => {
        const jobs = ages.map((age, i) => made(`j${i}`, age))
        const running = jobs.slice(0, Math.min(n, max)).map(({ metadata }) => metadata.uid)
        const all = Object.values(places(jobs, running, max)).toSorted((a, b) => a - b)
        const run = all.filter(place => place === 0).length
        expect(run).toBe(Math.min(max, jobs.length))
        expect(all.slice(run)).toEqual(Array.from({ length: jobs.length - run }, (_, i) => i + 1))
      },
    ),
  )
})
