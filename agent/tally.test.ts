import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { topSchema } from '../crds/top.ts'
import { anEvent, anyEvent, aRecord, LAYOUT } from './event.arbitrary.ts'
import { BIT } from './layout.ts'
import { HOST_ORIGIN, originOf, UNTOLD_ORIGIN } from './origin.ts'
import { Tally } from './tally.ts'

type Given = Parameters<typeof anEvent>[0]

/** The top of these events, each so many times. */
function topOf(...events: [given: Given, times: number][]) {
  const tally = new Tally(LAYOUT, 1)
  for (const [given, times] of events) {
    const { v, p } = aRecord(anEvent(given))
    for (let i = 0; i < times; i++) tally.add(v, p, null)
  }
  return tally.top()
}

const paths = (...events: [Given, number][]) =>
  Object.fromEntries(topOf(...events).files!.map(({ path, count }) => [path, count]))

describe('files', () => {
  test.each<[string, [Given, number][], Record<string, number>]>([
    [
      'counted by their name',
      [
        [{ path: '/a' }, 3],
        [{ path: '/b' }, 2],
      ],
      { '/a': 3, '/b': 2 },
    ],
    [
      'counted by where the name led',
      [
        [{ path: 'a', resolved: '/etc/a' }, 2],
        [{ path: '/etc/a' }, 1],
      ],
      { '/etc/a': 3 },
    ],
    ['not counted without a name', [[{ path: '', pathError: 14 }, 5]], {}],
    ['counted with only the name it led to', [[{ pathError: 14, path: '', resolved: '/x' }, 1]], { '/x': 1 }],
    ['named so that nothing can hide', [[{ path: '/a\n\u202eb\x1b' }, 1]], { '/a\\n\\u{202e}b\\x1b': 1 }],
    ['cut with a mark', [[{ path: `/${'x'.repeat(600)}` }, 1]], { [`/${'x'.repeat(511)}…`]: 1 }],
  ])('are %s', (_, events, wanted) => {
    expect(paths(...events)).toEqual(wanted)
  })

  test('are the ten opened most, most first', () => {
    const events = Array.from({ length: 15 }, (_, i): [Given, number] => [{ path: `/${i}` }, i + 1])
    const { files, approximate } = topOf(...events)
    expect(files!.map(({ path, count }) => [path, count])).toEqual(
      events
        .map(([given, times]) => [given!.path, times])
        .toReversed()
        .slice(0, 10),
    )
    expect(approximate).toBe(false)
  })
})

describe('processes', () => {
  test('are told apart by name; their pid is told where there is one', () => {
    const { processes } = topOf(
      [{ tgid: 7, tid: 7, comm: 'cat' }, 3],
      [{ tgid: 7, tid: 8, comm: 'cat' }, 3],
      [{ tgid: 7, comm: 'dog' }, 2],
      [{ tgid: 0xffff_ffff, comm: 'cat' }, 1],
    )
    expect(processes).toEqual([
      { comm: 'cat', processes: 2, count: 7 },
      { comm: 'dog', pid: 7, count: 2 },
    ])
  })

  test.each([
    ['', ''],
    ['1234567890123456', '1234567890123456'],
    ['\x1b[31m', '\\x1b[31m'],
  ])('may be called %j', (comm, shown) => {
    expect(topOf([{ comm }, 1]).processes![0]!.comm).toBe(shown)
  })
})

test('every event counts once, and any name keeps to the contract', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 10 }), events => {
      const tally = new Tally(LAYOUT, 7)
      for (const event of events) {
        const { v, p } = aRecord(event)
        tally.add(v, p, null)
      }
      const top = tally.top()
      const sum = (counts: readonly { count: number }[] | undefined) =>
        counts!.reduce((all, { count }) => all + count, 0)
      expect(topSchema.parse(top)).toEqual(top)
      expect(sum(top.processes)).toBe(events.length)
      expect(sum(top.files)).toBe(
        events.filter(
          ({ pathError, bits, resolved }) => (pathError === 0 && !(bits & BIT.noName)) || resolved.length > 0,
        ).length,
      )
    }),
  )
})

describe('pods', () => {
  const podOf = (n: number) =>
    originOf({ verdict: 'wanted', whose: { namespace: 'shop', pod: `pod-${n}`, container: 'app' } })
  const { v, p } = aRecord(anEvent())

  test('are none outside of a cluster', () => {
    expect(topOf([{}, 1])).not.toHaveProperty('pods')
  })

  test('are counted, whatever container it was, and the host is none', () => {
    const tally = new Tally(LAYOUT, 1, true)
    for (const origin of [podOf(1), podOf(2), podOf(1), HOST_ORIGIN, UNTOLD_ORIGIN]) {
      tally.add(v, p, origin)
      tally.add(v, p, origin)
    }
    expect(tally.top().pods).toEqual([
      { namespace: 'shop', pod: 'pod-1', count: 4 },
      { namespace: 'shop', pod: 'pod-2', count: 2 },
    ])
  })

  test('are counted right though there are more than there is room for', () => {
    const tally = new Tally(LAYOUT, 1, true)
    const busy = podOf(0)
    for (let n = 1; n <= 3000; n++) {
      tally.add(v, p, podOf(n))
      for (let i = 0; i < 5; i++) tally.add(v, p, busy)
    }
    const top = tally.top()
    expect(top.pods![0]).toEqual({ namespace: 'shop', pod: 'pod-0', count: 15_000 })
    expect(top.approximate).toBe(true)
    expect(topSchema.parse(top)).toEqual(top)
  })
})
