import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FakeRing, PAGE_BYTES, padded } from './ring.fake.ts'
import { CorruptRing, drainAll, type OnSample, Ring } from './ring.ts'

const SAMPLE = 9
const THROTTLE = 5

/** A sample as programs write it: its time first, then bytes that no other sample has. */
function sampleOf(time: bigint, bytes: number, mark = 0): Uint8Array {
  const payload = Uint8Array.from({ length: Math.max(8, bytes) }, (_, i) => (i * 7 + mark * 31) & 0xff)
  new DataView(payload.buffer).setBigUint64(0, time, true)
  return payload
}

/** Collects copies of what comes. */
function collector(): { seen: Uint8Array[]; onSample: OnSample } {
  const seen: Uint8Array[] = []
  return { seen, onSample: ({ u8 }, at, length) => void seen.push(u8.slice(at, at + length)) }
}

const timesOf = (seen: readonly Uint8Array[]) =>
  seen.map(bytes => new DataView(bytes.buffer).getBigUint64(0, true))

/** Where a ring may stand that has been in use: everywhere in its data, and about where 32 bits end. */
const starts = fc
  .oneof(
    fc.constant(0n),
    fc.bigInt({ min: 0n, max: 1n << 20n }),
    fc.bigInt({ min: (1n << 32n) - 4096n, max: 1n << 32n }),
    fc.bigInt({ min: (5n << 32n) - 4096n, max: 6n << 32n }),
  )
  .map(position => position & ~7n)

type Step = { do: 'write'; bytes: number } | { do: 'lose'; count: number } | { do: 'read' }
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), bytes: fc.nat({ max: 200 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), count: fc.nat({ max: 9 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const) }) },
  ),
  { maxLength: 60 },
) as fc.Arbitrary<Step[]>

describe('one ring', () => {
  test('gives every sample once, byte for byte and in order, and what was lost is told', () => {
    fc.assert(
      fc.property(fc.constantFrom(256, 1024), starts, steps, (bytes, start, steps) => {
        const fake = new FakeRing(bytes, start)
        const ring = new Ring(fake.memory, PAGE_BYTES)
        const { seen, onSample } = collector()
        const written: Uint8Array[] = []
        let lost = 0
        let told = 0
        const read = () => {
          const unread = Number(fake.head - fake.tail)
          expect(drainAll([ring], onSample)).toBe(unread)
          expect(fake.tail).toBe(fake.head)
        }
        for (const [i, step] of steps.entries()) {
          if (step.do === 'read') read()
          else if (step.do === 'lose') {
            if (bytes - Number(fake.head - fake.tail) <= 24) continue
            fake.lost(step.count)
            lost += step.count
          } else {
            const sample = sampleOf(BigInt(i), step.bytes, i)
            if (!fake.sample(sample)) continue
            written.push(padded(sample))
            told = fake.dropped
          }
        }
        read()
        expect(seen).toEqual(written)
        expect(ring.samples).toBe(written.length)
        expect(ring.lost).toBe(lost + told)
        read()
        expect(seen).toHaveLength(written.length)
      }),
      { numRuns: 300 },
    )
  })

  test('wraps a record at each place where one can be cut', () => {
    for (let at = 0; at < 256; at += 8) {
      const fake = new FakeRing(256, BigInt(at))
      const ring = new Ring(fake.memory, PAGE_BYTES)
      const { seen, onSample } = collector()
      for (const mark of [1, 2]) fake.sample(sampleOf(BigInt(mark), 100, mark))
      drainAll([ring], onSample)
      expect(seen).toEqual([padded(sampleOf(1n, 100, 1)), padded(sampleOf(2n, 100, 2))])
    }
  })

  test('gives the longest sample there can be, wrapped too', () => {
    const fake = new FakeRing(1 << 17, (1n << 17n) - 32_768n)
    const longest = sampleOf(1n, 65_528 - 12, 3)
    fake.sample(longest)
    const { seen, onSample } = collector()
    drainAll([new Ring(fake.memory, PAGE_BYTES)], onSample)
    expect(seen).toEqual([padded(longest)])
  })

  test('leaves for the next time what is written while it is read', () => {
    const fake = new FakeRing(1024)
    const ring = new Ring(fake.memory, PAGE_BYTES)
    const times: bigint[] = []
    const onSample: OnSample = ({ u8 }, at) => {
      const [time] = timesOf([u8.slice(at, at + 8)])
      times.push(time!)
      if (time! < 3n) fake.sample(sampleOf(time! + 1n, 8))
    }
    fake.sample(sampleOf(1n, 8))
    drainAll([ring], onSample)
    expect(times).toEqual([1n])
    expect(fake.tail).toBeLessThan(fake.head)
    drainAll([ring], onSample)
    drainAll([ring], onSample)
    expect(times).toEqual([1n, 2n, 3n])
  })

  test('passes over records that are none of ours', () => {
    const fake = new FakeRing(256)
    fake.lie(THROTTLE, 8)
    fake.sample(sampleOf(1n, 8))
    fake.lie(THROTTLE, 8)
    const { seen, onSample } = collector()
    drainAll([new Ring(fake.memory, PAGE_BYTES)], onSample)
    expect(timesOf(seen)).toEqual([1n])
  })

  test.each([
    ['a record of no bytes', SAMPLE, 0],
    ['a record shorter than its header', SAMPLE, 4],
    ['a record that ends off the beat', SAMPLE, 9],
    ['a record longer than what was written', SAMPLE, 1024],
    ['a lost record longer than what was written', 2, 24],
    ['a foreign record of no bytes', THROTTLE, 0],
  ])('refuses %s', (_, type, size) => {
    const fake = new FakeRing(256)
    fake.sample(sampleOf(1n, 8))
    fake.lie(type, size)
    const { seen, onSample } = collector()
    expect(() => drainAll([new Ring(fake.memory, PAGE_BYTES)], onSample)).toThrow(CorruptRing)
    expect(timesOf(seen)).toEqual([1n])
    expect(fake.tail).toBe(0n)
  })
})

describe('many rings', () => {
  const times = fc.oneof(fc.nat({ max: 50 }).map(BigInt), fc.bigInt({ min: 0n, max: 1n << 53n }))
  const perRing = fc.array(fc.array(fc.record({ time: times, loses: fc.boolean() }), { maxLength: 12 }), {
    minLength: 1,
    maxLength: 5,
  })

  test('come out in the order of time, each sample once', () => {
    fc.assert(
      fc.property(perRing, starts, (perRing, start) => {
        const fakes = perRing.map(() => new FakeRing(1024, start))
        const rings = fakes.map(({ memory }) => new Ring(memory, PAGE_BYTES))
        const all = perRing.map(list => list.toSorted((a, b) => Number(a.time - b.time)))
        for (const [ring, list] of all.entries()) {
          for (const { time, loses } of list) {
            fakes[ring]!.sample(sampleOf(time, 16, ring))
            if (loses) fakes[ring]!.lost(1)
          }
        }
        const { seen, onSample } = collector()
        drainAll(rings, onSample)
        const wanted = all.flat().map(({ time }) => time)
        expect(timesOf(seen)).toEqual(wanted.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)))
        expect(rings.map(({ samples }) => samples)).toEqual(all.map(list => list.length))
        expect(rings.map(({ lost }) => lost)).toEqual(
          all.map(list => list.filter(({ loses }) => loses).length),
        )
        expect(fakes.map(({ tail }) => tail)).toEqual(fakes.map(({ head }) => head))
        expect(drainAll(rings, onSample)).toBe(0)
      }),
      { numRuns: 200 },
    )
  })
})
