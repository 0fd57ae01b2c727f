import fc from 'fast-check'
import { expect, test } from 'vitest'
import { at, SETTINGS } from './fixtures.ts'
import { after } from './plan.fake.ts'
import { plan } from './plan.ts'
import { aSituation } from './seen.arbitrary.ts'
import type { Seen } from './seen.ts'

test('whatever is seen, what is done once need not be done again', () => {
  fc.assert(
    fc.property(aSituation, fc.nat(600), ({ job, seen }, seconds) => {
      const look = (now: Seen) => plan(job, now, SETTINGS, at(seconds))
      let now = seen
      // Twice: where an old report was in the way, ours can be made only then.
      for (let round = 0; round < 3; round++)
        now = look(now).reduce((each, action) => after(each, action, at(seconds)), now)
      expect(look(now)).toEqual([])
    }),
    { numRuns: 500 },
  )
})

test('whatever is seen, what is done half is finished by the next who looks', () => {
  fc.assert(
    fc.property(aSituation, fc.nat(600), fc.array(fc.nat(5)), ({ job, seen }, seconds, deaths) => {
      const look = (now: Seen) => plan(job, now, SETTINGS, at(seconds))
      const settled = (start: Seen, ends: number[]) => {
        let now = start
        for (const end of [...ends, 99, 99, 99])
          now = look(now)
            .slice(0, end)
            .reduce((each, action) => after(each, action, at(seconds)), now)
        return now
      }
      const names = ({ daemonSet, reports }: Seen) => [
        daemonSet?.metadata.name,
        ...reports.map(({ metadata }) => metadata.name).sort(),
      ]
      expect(names(settled(seen, deaths))).toEqual(names(settled(seen, [])))
    }),
    { numRuns: 300 },
  )
})

test('whatever is seen, nothing is made twice, and every deletion is of one that was seen', () => {
  fc.assert(
    fc.property(aSituation, fc.nat(600), ({ job, seen }, seconds) => {
      const actions = plan(job, seen, SETTINGS, at(seconds))
      const made = actions.flatMap(action =>
        action.do === 'createReport' ? action.report.metadata.name : [],
      )
      expect(new Set(made).size).toBe(made.length)
      const there = new Set([seen.daemonSet, ...seen.reports].map(object => object?.metadata.uid))
      for (const action of actions)
        if ('uid' in action && action.do !== 'deleteJob') expect(there).toContain(action.uid)
      for (const action of actions)
        if (action.do === 'createReport')
          expect(seen.reports.some(({ metadata }) => metadata.name === action.report.metadata.name)).toBe(
            false,
          )
    }),
    { numRuns: 500 },
  )
})
