import { expect, test } from 'vitest'
import { cpuNanoseconds, heldObjects, peakRssBytes } from './proc.ts'

test('CPU time grows with the work, finer than a tick of 10 ms', () => {
  const before = cpuNanoseconds(process.pid)
  const until = performance.now() + 4
  while (performance.now() < until);
  const spent = cpuNanoseconds(process.pid) - before
  expect(spent).toBeGreaterThan(0)
  expect(spent % 10_000_000).not.toBe(0)
})

test('the peak of memory is at least what is resident now', () => {
  // In pages between the two looks, some may have gone.
  expect(peakRssBytes(process.pid)).toBeGreaterThan(0.9 * process.memoryUsage.rss())
})

test('a process without a BPF program holds nothing that counts', () => {
  expect(heldObjects(process.pid)).toBe('')
})

test('a process that is gone is an error, not a zero', () => {
  expect(() => cpuNanoseconds(2 ** 22 + 1)).toThrow('ENOENT')
})
