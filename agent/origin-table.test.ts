import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOST_ORIGIN, type Origin, originOf, PENDING_ORIGIN } from './origin.ts'
import { MAX_CGROUPS, OriginTable } from './origin-table.ts'

const half = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff })
// Few ids, many of them neighbours or alike in one half: they meet in the table.
const id = fc.oneof(
  fc.tuple(fc.nat({ max: 30 }), fc.constant(0)),
  fc.tuple(fc.constantFrom(0, 1 << 16, 1 << 17, -1), fc.nat({ max: 3 })),
  fc.tuple(half, half),
)
const origin = fc.constantFrom(HOST_ORIGIN, originOf({ verdict: 'unwanted' }), PENDING_ORIGIN)
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), id, origin }),
  fc.record({ do: fc.constant('delete' as const), id }),
  fc.record({ do: fc.constant('get' as const), id }),
)

describe('the table of origins', () => {
  test('answers as a map would, whatever was put in and taken out before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), steps => {
        const table = new OriginTable()
        const model = new Map<string, Origin>()
        for (const each of steps) {
          const [low, high] = each.id
          if (each.do === 'set') {
            expect(table.set(low, high, each.origin)).toBe(true)
            model.set(`${low} ${high}`, each.origin)
          } else if (each.do === 'delete') {
            table.delete(low, high)
            model.delete(`${low} ${high}`)
          }
          expect(table.get(low, high)).toBe(model.get(`${low} ${high}`))
          expect(table.size).toBe(model.size)
        }
        for (const [key, wanted] of model) {
          const [low, high] = key.split(' ').map(Number)
          expect(table.get(low, high)).toBe(wanted)
        }
        const told = [...model].filter(([, origin]) => origin !== PENDING_ORIGIN)
        const seen: [string, Origin][] = []
        table.forEach((low, high, origin) => void seen.push([`${low} ${high}`, origin]))
        expect(new Map(seen)).toEqual(new Map(told))
      }),
    )
  })

  test('takes no more than it has room for, and has room again when one goes', () => {
    const table = new OriginTable()
    for (let i = 0; i < MAX_CGROUPS; i++) expect(table.set(i, 0, HOST_ORIGIN)).toBe(true)
    expect(table.set(-1, 0, HOST_ORIGIN)).toBe(false)
    expect(table.get(-1, 0)).toBeUndefined()
    expect(table.set(17, 0, PENDING_ORIGIN)).toBe(true)
    table.delete(0, 0)
    expect(table.set(-1, 0, HOST_ORIGIN)).toBe(true)
    expect(table.size).toBe(MAX_CGROUPS)
  })
})
