import { expect, test } from 'vitest'
import { HealBudget } from './heal-budget.ts'

/** How many may be taken at once, that many seconds after the beginning. */
function taken(budget: HealBudget, job: string, seconds: number): number {
  let count = 0
  while (count < 100 && budget.take(job, seconds * 1000)) count++
  return count
}

test('five at once, then one a minute', () => {
  const budget = new HealBudget()
  expect(taken(budget, 'a', 0)).toBe(5)
  expect(taken(budget, 'a', 59)).toBe(0)
  expect(taken(budget, 'a', 60)).toBe(1)
  expect(taken(budget, 'a', 185)).toBe(2)
})

test('what was not used adds up to no more than five', () => {
  const budget = new HealBudget()
  taken(budget, 'a', 0)
  expect(taken(budget, 'a', 86_400)).toBe(5)
})

test('jobs do not take from each other, and one that is gone is forgotten', () => {
  const budget = new HealBudget()
  taken(budget, 'a', 0)
  expect(budget.take('b', 0)).toBe(true)
  budget.forget('a')
  expect(budget.take('a', 0)).toBe(true)
})
