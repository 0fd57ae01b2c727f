import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COUNTERS, CounterReader } from './counters.ts'

const STRIDE = 128
const offsets = Object.fromEntries(COUNTERS.map((name, i) => [name, i * 8]))

test('each counter is the sum over the CPUs, and of nothing else', () => {
  const count = fc.nat({ max: 2 ** 40 })
  const perCpu = fc.array(fc.tuple(...COUNTERS.map(() => count)), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(perCpu, fc.nat({ max: 64 }), (perCpu, before) => {
      const at = before * 8
      // Full of ones where no counter of these CPUs is.
      const memory = new Uint8Array(at + perCpu.length * STRIDE + 256).fill(0xff).buffer
      const cells = new DataView(memory, at)
      for (const [cpu, counts] of perCpu.entries())
        for (const [i, value] of counts.entries())
          cells.setBigUint64(cpu * STRIDE + i * 8, BigInt(value), true)
      const read = new CounterReader(memory, at, { offsets, stride: STRIDE }, perCpu.length).read()
      const sums = COUNTERS.map((name, i) => [name, perCpu.reduce((sum, counts) => sum + counts[i]!, 0)])
      expect(read).toEqual(Object.fromEntries(sums))
    }),
  )
})

test('it reads what is there now, each time', () => {
  const memory = new ArrayBuffer(STRIDE)
  const reader = new CounterReader(memory, 0, { offsets, stride: STRIDE }, 1)
  expect(reader.read().observed).toBe(0)
  new BigUint64Array(memory)[0] = 5n
  expect(reader.read().observed).toBe(5)
})
