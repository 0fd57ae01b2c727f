import { expect, test } from 'vitest'
import { FakeClock } from './clock.fake.ts'
import { Remembered } from './remembered.ts'

function counter(): () => Promise<number> {
  let count = 0
  return async () => ++count
}

test('is read once, until it may be out of date', async () => {
  const clock = new FakeClock()
  const remembered = new Remembered(counter(), 10_000, clock)
  expect(await Promise.all([remembered.get(), remembered.get()])).toEqual([1, 1])
  await clock.pass(9999)
  expect(await remembered.get()).toBe(1)
  await clock.pass(1)
  expect(await remembered.get()).toBe(2)
})

test('is read again when it was forgotten', async () => {
  const remembered = new Remembered(counter(), 10_000, new FakeClock())
  await remembered.get()
  remembered.forget()
  expect(await remembered.get()).toBe(2)
})

test('a reading that fails is not remembered', async () => {
  let works = false
  const read = async () => (works ? 'x' : Promise.reject(new Error('no')))
  const remembered = new Remembered(read, 10_000, new FakeClock())
  await expect(remembered.get()).rejects.toThrow('no')
  works = true
  expect(await remembered.get()).toBe('x')
})
