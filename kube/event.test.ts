import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eventOf, type Occurrence, objectKey, seriesKey, seriesOf } from './event.ts'

const NOON = new Date('2026-11-23T12:00:00.123Z')
const reporter = { reportingController: 'tracejob.dev/operator', reportingInstance: 'operator-7d' }

const anOccurrence = (changes: Partial<Occurrence> = {}): Occurrence => ({
  regarding: {
    apiVersion: 'tracejob.dev/v1alpha1',
    kind: 'TraceJob',
    metadata: {
      namespace: 'shop',
      name: 'who-opens',
      uid: 'u1',
      resourceVersion: '7',
      labels: { no: 'need' },
    },
  },
  type: 'Normal',
  reason: 'Started',
  action: 'Tracing',
  note: 'Traces on 4 nodes.',
  ...changes,
})

const about = (name: string, more: object = {}) =>
  anOccurrence({ regarding: { apiVersion: 'v1', kind: 'Thing', metadata: { name, ...more } } })

test('an event has all that the API server asks for, and lies beside its object', () => {
  expect(eventOf(anOccurrence(), reporter, NOON, 'abc')).toEqual({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'who-opens.abc', namespace: 'shop' },
    eventTime: '2026-11-23T12:00:00.123000Z',
    reportingController: 'tracejob.dev/operator',
    reportingInstance: 'operator-7d',
    type: 'Normal',
    reason: 'Started',
    action: 'Tracing',
    note: 'Traces on 4 nodes.',
    regarding: {
      apiVersion: 'tracejob.dev/v1alpha1',
      kind: 'TraceJob',
      namespace: 'shop',
      name: 'who-opens',
      uid: 'u1',
      resourceVersion: '7',
    },
  })
})

test('about what has no namespace it lies in default', () => {
  const event = eventOf(about('node-1'), reporter, NOON, 'abc')
  expect(event.metadata.namespace).toBe('default')
  expect(event.regarding).toEqual({ apiVersion: 'v1', kind: 'Thing', name: 'node-1' })
})

describe('its name', () => {
  const nameOf = (name: string) => eventOf(about(name), reporter, NOON, '0123456789abcdef').metadata.name

  test.each([
    ['begins with that of its object', 'web.shop-1', 'web.shop-1.0123456789abcdef'],
    ['does not where that would not do for an event', 'system:node', '0123456789abcdef'],
    ['does not where there is none', '', '0123456789abcdef'],
    ['is not too long', 'n'.repeat(253), `${'n'.repeat(236)}.0123456789abcdef`],
    [
      'is right where it is cut',
      `${'n'.repeat(235)}.${'m'.repeat(17)}`,
      `${'n'.repeat(235)}.0123456789abcdef`,
    ],
  ])('%s', (_, name, wanted) => {
    expect(nameOf(name)).toBe(wanted)
  })

  test('is a DNS subdomain, whatever its object is called', () => {
    const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z.-]{0,300}$/)), name => {
        expect(nameOf(name)).toMatch(subdomain)
        expect(nameOf(name).length).toBeLessThanOrEqual(253)
      }),
    )
  })
})

describe('what is too long is cut', () => {
  test('a note at 1024 bytes, not in the middle of a character', () => {
    const text = fc.array(fc.constantFrom('a', 'ü', '€', '😀'), { maxLength: 700 })
    fc.assert(
      fc.property(text, characters => {
        const note = characters.join('')
        const cut = eventOf(anOccurrence({ note }), reporter, NOON, 'a').note
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(1024)
        expect(cut.isWellFormed()).toBe(true)
        if (Buffer.byteLength(note) <= 1024) expect(cut).toBe(note)
        else expect(note.startsWith(cut.slice(0, -1)) && cut.endsWith('…')).toBe(true)
      }),
    )
  })

  test('a note of what is no text is made text', () => {
    expect(eventOf(anOccurrence({ note: 'a\ud800b' }), reporter, NOON, 'a').note).toBe('a\ufffdb')
  })

  test('words at 128 bytes', () => {
    const long = 'ü'.repeat(100)
    const event = eventOf(
      anOccurrence({ reason: long, action: long }),
      { ...reporter, reportingInstance: long },
      NOON,
      'a',
    )
    for (const word of [event.reason, event.action, event.reportingInstance])
      expect(word).toBe('ü'.repeat(64))
  })
})

describe('two occurrences', () => {
  test.each<[string, Partial<Occurrence>, boolean]>([
    ['the same twice is a series', {}, true],
    [
      'of a newer version of the object too',
      {
        regarding: {
          ...anOccurrence().regarding,
          metadata: { ...anOccurrence().regarding.metadata, resourceVersion: '8' },
        },
      },
      true,
    ],
    ['another note is another event', { note: 'Traces on 5 nodes.' }, false],
    ['another reason is', { reason: 'Stopped' }, false],
    ['another action is', { action: 'Waiting' }, false],
    ['another type is', { type: 'Warning' }, false],
    [
      'another object of the same name is',
      {
        regarding: {
          ...anOccurrence().regarding,
          metadata: { ...anOccurrence().regarding.metadata, uid: 'u2' },
        },
      },
      false,
    ],
  ])('%s', (_, changes, isSeries) => {
    expect(seriesKey(anOccurrence(changes)) === seriesKey(anOccurrence())).toBe(isSeries)
  })

  test('are about one object by its uid, whatever they say', () => {
    expect(objectKey(anOccurrence({ note: 'other' }))).toBe(objectKey(anOccurrence()))
    expect(objectKey(about('a', { uid: 'u1' }))).not.toBe(objectKey(about('a', { uid: 'u2' })))
  })
})

test('a series has its count and its last time', () => {
  expect(seriesOf(3, NOON)).toEqual({ count: 3, lastObservedTime: '2026-11-23T12:00:00.123000Z' })
})
