import { expect, test } from 'vitest'
import { FakeClock } from '../kube/clock.fake.ts'
import { OwnWrites } from './own-writes.ts'

const object = (uid: string, resourceVersion: string) => ({ metadata: { uid, resourceVersion } })

function afterWriting(...objects: ReturnType<typeof object>[]) {
  const writes = new OwnWrites<ReturnType<typeof object>>(new FakeClock())
  for (const each of objects) writes.wrote('job', each)
  return writes
}

test('the cache alone is believed when nothing was written', () => {
  const cached = [object('a', '1')]
  expect(afterWriting().over('job', cached)).toBe(cached)
})

test('what the cache has not seen yet is there', () => {
  expect(afterWriting(object('b', '7')).over('job', [object('a', '1')])).toEqual([
    object('a', '1'),
    object('b', '7'),
  ])
})

test('what the cache has as it was before is as we wrote it', () => {
  expect(afterWriting(object('a', '7')).over('job', [object('a', '1')])).toEqual([object('a', '7')])
})

test.each([
  ['an older one is not believed', '9', '10'],
  ['the same one is', '10', '10'],
  ['a newer one is, also when the answer to our write came after it', '11', '11'],
])('of what the cache has seen, %s', (_, cached, wanted) => {
  const found = afterWriting(object('a', '10')).over('job', [object('a', cached)])
  expect(found).toEqual([object('a', wanted)])
})

test('what is deleted is gone', () => {
  const writes = afterWriting(object('a', '10'), object('b', '11'))
  writes.gone('job', 'a')
  writes.gone('other', 'b')
  expect(writes.over('job', [])).toEqual([object('b', '11')])
})

test('an object that was deleted before the cache ever saw it is believed in for half a minute', async () => {
  const clock = new FakeClock()
  const writes = new OwnWrites<ReturnType<typeof object>>(clock)
  writes.wrote('job', object('a', '7'))
  await clock.pass(30_000)
  expect(writes.over('job', [])).toHaveLength(1)
  await clock.pass(1)
  expect(writes.over('job', [])).toEqual([])
})

test('a deletion that was faster than the answer to the write is believed', async () => {
  const clock = new FakeClock()
  const writes = new OwnWrites<ReturnType<typeof object>>(clock)
  for (const uid of ['a', 'b', 'c']) {
    writes.gone('job', uid)
    await clock.pass(20_000)
  }
  writes.wrote('job', object('c', '7'))
  expect(writes.over('job', [])).toEqual([])
  writes.wrote('job', object('d', '8'))
  expect(writes.over('job', [])).toEqual([object('d', '8')])
})

test('tells when the cache is believed again', async () => {
  const clock = new FakeClock()
  const writes = new OwnWrites<ReturnType<typeof object>>(clock)
  expect(writes.unseenMs('job')).toBeUndefined()
  writes.wrote('job', object('a', '7'))
  await clock.pass(10_000)
  writes.wrote('job', object('b', '8'))
  expect(writes.unseenMs('other')).toBeUndefined()
  await clock.pass(writes.unseenMs('job')!)
  expect(writes.over('job', [])).toEqual([object('b', '8')])
  writes.over('job', [object('b', '8')])
  expect(writes.unseenMs('job')).toBeUndefined()
})

test('what was written for one job is not seen by another', () => {
  expect(afterWriting(object('a', '7')).over('other', [])).toEqual([])
})
