import { expect, test } from 'vitest'
import { atOnce } from './at-once.ts'

/** Work that is under way until the test lets it go on. */
function gates() {
  const begun: string[] = []
  const open = new Map<string, PromiseWithResolvers<void>>()
  const work = (item: string) => {
    begun.push(item)
    const gate = Promise.withResolvers<void>()
    open.set(item, gate)
    return gate.promise
  }
  return { begun, work, gate: (item: string) => open.get(item)! }
}
const turn = () => new Promise(resolve => setImmediate(resolve))

test('so many at a time, and all in the end', async () => {
  const { begun, work, gate } = gates()
  const done = atOnce(2, ['a', 'b', 'c'], work)
  expect(begun).toEqual(['a', 'b'])
  gate('b').resolve()
  await turn()
  expect(begun).toEqual(['a', 'b', 'c'])
  gate('a').resolve()
  gate('c').resolve()
  await done
})

test('after a failure nothing more is begun, and what is under way is awaited', async () => {
  const { begun, work, gate } = gates()
  let hasEnded = false
  const done = atOnce(2, ['a', 'b', 'c'], work).finally(() => (hasEnded = true))
  const refused = expect(done).rejects.toThrow('no')
  gate('a').reject(new Error('no'))
  await turn()
  expect([begun, hasEnded]).toEqual([['a', 'b'], false])
  gate('b').resolve()
  await refused
})
