import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differences } from './compare.ts'
import type { Facts } from './facts.ts'

const anOpen = (facts: Facts = {}): Facts => ({ call: 'openat', path: '/a', result: 3, pid: 7, ...facts })
const expecting = (facts: Facts, label = 'an open') => ({ label, facts })

test.each([
  ['finds nothing to say of nothing', [], [], []],
  ['finds nothing to say of the same open', [expecting(anOpen())], [anOpen()], []],
  [
    'takes opens in any order',
    [expecting(anOpen()), expecting(anOpen({ path: '/b' }))],
    [anOpen({ path: '/b' }), anOpen()],
    [],
  ],
  [
    'names the field that differs',
    [expecting(anOpen())],
    [anOpen({ result: 'ENOENT' })],
    ['an open: result is "ENOENT", not 3'],
  ],
  [
    'says what was not seen',
    [expecting(anOpen(), 'the first')],
    [],
    ['the first: not seen: call="openat" path="/a" result=3 pid=7'],
  ],
  [
    'says what was seen and not made',
    [],
    [anOpen()],
    ['seen but not made: call="openat" path="/a" result=3 pid=7'],
  ],
  [
    'does not let one event stand for two opens',
    [expecting(anOpen()), expecting(anOpen())],
    [anOpen()],
    ['an open: not seen: call="openat" path="/a" result=3 pid=7'],
  ],
  [
    'finds an open reported twice',
    [expecting(anOpen())],
    [anOpen(), anOpen()],
    ['seen but not made: call="openat" path="/a" result=3 pid=7'],
  ],
  ['asks nothing of fields it was not told of', [expecting({ path: '/a' })], [anOpen()], []],
  [
    'lets the open that says most choose first',
    [expecting({ call: 'openat' }), expecting(anOpen())],
    [anOpen(), anOpen({ path: '/b' })],
    [],
  ],
  ['takes a field that is missing for null', [expecting({ mode: null })], [{ call: 'open' }], []],
  ['does not miss an optional open', [{ ...expecting(anOpen()), optional: true }], [], []],
  ['does not mind an optional open', [{ ...expecting(anOpen()), optional: true }], [anOpen()], []],
])('%s', (_, expected, seen, wanted) => {
  expect(differences(expected, seen)).toEqual(wanted)
})

test('finds no difference in any shuffle, and always one where an open is dropped', () => {
  const facts = fc.record({ path: fc.constantFrom('/a', '/b', '/c'), result: fc.integer({ min: 0, max: 3 }) })
  fc.assert(
    fc.property(fc.array(facts, { minLength: 1 }), fc.integer({ min: 0 }), (opens, at) => {
      const expected = opens.map(open => expecting({ ...open }))
      const turned = opens.map((_, i) => ({ ...opens[(i + at) % opens.length]! }))
      expect(differences(expected, turned)).toEqual([])
      expect(differences(expected, turned.slice(1))).toHaveLength(1)
    }),
  )
})
