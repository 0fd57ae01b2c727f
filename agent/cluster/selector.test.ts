import { describe, expect, test } from 'vitest'
import { type LabelSelector, type Labels, matches } from './selector.ts'

const LABELS = { app: 'shop', tier: 'front', 'example.org/canary': '' }

const requires = (
  key: string,
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist',
  ...values: string[]
): LabelSelector => ({ matchExpressions: [{ key, operator, ...(values.length ? { values } : {}) }] })

describe('a label selector', () => {
  test.each<[string, LabelSelector, Labels, boolean]>([
    ['that is empty matches everything', {}, LABELS, true],
    ['that is empty matches what has no labels', { matchLabels: {}, matchExpressions: [] }, {}, true],
    ['matches a label by its value', { matchLabels: { app: 'shop' } }, LABELS, true],
    ['does not match another value', { matchLabels: { app: 'bank' } }, LABELS, false],
    ['does not match a part of a value', { matchLabels: { app: 'sho' } }, LABELS, false],
    ['wants every label', { matchLabels: { app: 'shop', tier: 'back' } }, LABELS, false],
    ['tells an empty value from no label', { matchLabels: { 'example.org/canary': '' } }, LABELS, true],
    ['tells no label from an empty value', { matchLabels: { missing: '' } }, LABELS, false],
    ['In matches one of the values', requires('app', 'In', 'bank', 'shop'), LABELS, true],
    ['In does not match another', requires('app', 'In', 'bank'), LABELS, false],
    ['In does not match where there is no label', requires('missing', 'In', 'x'), LABELS, false],
    ['NotIn does not match one of the values', requires('app', 'NotIn', 'bank', 'shop'), LABELS, false],
    ['NotIn matches another', requires('app', 'NotIn', 'bank'), LABELS, true],
    ['NotIn matches where there is no label', requires('missing', 'NotIn', 'x'), LABELS, true],
    ['Exists matches any value', requires('example.org/canary', 'Exists'), LABELS, true],
    ['Exists does not match where there is no label', requires('missing', 'Exists'), LABELS, false],
    ['DoesNotExist matches where there is no label', requires('missing', 'DoesNotExist'), LABELS, true],
    ['DoesNotExist does not match any value', requires('app', 'DoesNotExist'), LABELS, false],
    [
      'wants labels and every requirement',
      { matchLabels: { app: 'shop' }, ...requires('tier', 'NotIn', 'front') },
      LABELS,
      false,
    ],
    ['takes nothing from what every object inherits', requires('constructor', 'Exists'), LABELS, false],
    ['takes nothing from there for a value either', requires('toString', 'DoesNotExist'), LABELS, true],
  ])('%s', (_, selector, labels, wanted) => {
    expect(matches(selector, labels)).toBe(wanted)
  })
})
