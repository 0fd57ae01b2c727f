import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WallClock } from './clock.ts'
import { anEvent, anyEvent, aRecord, LAYOUT, type RawEvent } from './event.arbitrary.ts'
import { EventJson } from './event-json.ts'
import { Newest } from './newest.ts'
import { newestEvents } from './newest-events.ts'

function newestOf(...events: RawEvent[]) {
  const newest = new Newest(LAYOUT)
  for (const event of events) {
    const { v, p } = aRecord(event)
    newest.note(v, p, null)
  }
  const json = new EventJson(LAYOUT, 'node-1', 'x64')
  return newestEvents({ newest, json, clock: new WallClock() })
}

test('the newest come first, as their lines say it', () => {
  expect(newestOf(anEvent({ path: '/a' }), anEvent({ path: '/b' }))).toMatchObject([
    { kind: 'open', path: '/b', node: 'node-1' },
    { kind: 'open', path: '/a' },
  ])
})

test('names that would act on a terminal are shown, and their bytes are beside them', () => {
  const [event] = newestOf(anEvent({ path: '/\x1b[31m\n', comm: 'a\x07' }))
  expect(event).toMatchObject({ path: '/\\x1b[31m\\n', comm: 'a\\x07' })
  expect(Buffer.from(event.pathBase64!, 'base64').toString()).toBe('/\x1b[31m\n')
})

test('whatever was opened, nothing acts on a terminal', () => {
  fc.assert(
    fc.property(anyEvent, event => {
      for (const { path, resolvedPath = '', comm } of newestOf(event))
        expect(`${path}${resolvedPath}${comm}`).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u)
    }),
  )
})
