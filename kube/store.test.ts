import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KubeObject } from './object.ts'
import { keyOf, Store } from './store.ts'

const object = (name: string, labels: Record<string, string> = {}, namespace = 'a') => ({
  metadata: { name, namespace, labels },
})
const byColour = ({ metadata }: KubeObject) => metadata.labels?.colour

describe('a store', () => {
  test('finds by namespace and name', () => {
    const store = new Store()
    const [one, other, node] = [object('x'), object('x', {}, 'b'), { metadata: { name: 'x' } }]
    for (const each of [one, other, node]) expect(store.put(each)).toBeUndefined()
    expect([store.get('a', 'x'), store.get('b', 'x'), store.get(undefined, 'x')]).toEqual([one, other, node])
    expect([store.get('c', 'x'), store.size]).toEqual([undefined, 3])
  })

  test('replaces what was there, and returns it', () => {
    const store = new Store()
    const [before, after] = [object('x'), object('x', { colour: 'red' })]
    store.put(before)
    expect(store.put(after)).toBe(before)
    expect(store.list()).toEqual([after])
    expect(store.delete(keyOf('a', 'x'))).toBe(after)
    expect(store.delete(keyOf('a', 'x'))).toBeUndefined()
  })

  test('a key never means two objects: names have no slash', () => {
    expect(keyOf('a', 'b')).toBe('a/b')
    expect(keyOf(undefined, 'b')).toBe('b')
  })
})

describe('an index', () => {
  test('holds what was there before it, too', () => {
    const store = new Store()
    store.put(object('x', { colour: 'red' }))
    store.addIndex('colour', byColour)
    store.put(object('y', { colour: 'red' }))
    store.put(object('z'))
    expect(store.byIndex('colour', 'red').map(({ metadata }) => metadata.name)).toEqual(['x', 'y'])
  })

  test('that does not exist is a defect', () => {
    expect(() => new Store().byIndex('colour', 'red')).toThrow(RangeError)
  })

  test('that can not read an object keeps it out, and all stays as it was', () => {
    const store = new Store<KubeObject>()
    store.addIndex('colour', byColour)
    store.addIndex('shout', ({ metadata }) => metadata.labels?.colour?.toUpperCase())
    const red = object('x', { colour: 'red' })
    store.put(red)
    const poison = object('x', { colour: 7 } as never)
    expect(() => store.put(poison)).toThrow(TypeError)
    expect([store.list(), store.byIndex('colour', 'red'), store.byIndex('shout', 'RED')]).toEqual([
      [red],
      [red],
      [red],
    ])
  })

  test('says after any changes what a search through all would', () => {
    const name = fc.constantFrom('x', 'y', 'z')
    const colour = fc.constantFrom('red', 'green', undefined)
    const change = fc.record({ name, colour, isGone: fc.boolean() })
    fc.assert(
      fc.property(fc.array(change), changes => {
        const store = new Store<KubeObject>()
        store.addIndex('colour', byColour)
        for (const { name, colour, isGone } of changes) {
          if (isGone) store.delete(keyOf('a', name))
          else store.put(object(name, colour ? { colour } : {}))
        }
        for (const wanted of ['red', 'green']) {
          const found = store.list().filter(each => byColour(each) === wanted)
          expect(new Set(store.byIndex('colour', wanted))).toEqual(new Set(found))
        }
      }),
    )
  })
})
